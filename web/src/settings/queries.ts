// What settings read and write by PostgREST. Every statement names its team; row level security is the guard.
import { queryOptions } from '@tanstack/react-query'
import type { Account } from '@shared/execution.ts'
import type { Server } from '@shared/server.ts'
import type { Role } from '@shared/team.ts'
import type { JsonSchema, Policy } from '@shared/tool.ts'
import { CallError } from '@/lib/call.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'

export type ServerRow = Omit<Server, 'has_credential' | 'connected'>
export type ToolRow = {
  id: string
  server_id: string
  tool_name: string
  title: string | null
  description: string | null
  annotations: JsonSchema | null
  is_enabled: boolean
  policy: Policy
  timeout_seconds: number
  synced_at: string
  definition_hash: string
  /** Null follows the server. */
  account: Account | null
}
type Judged = 'is_enabled' | 'policy' | 'timeout_seconds' | 'account'
export type ToolChanges = Partial<Pick<ToolRow, Judged>>
/** `team` and `person`: how many say so themselves, against their server. */
export type ToolCounts = { all: number; on: number; team: number; person: number }
export type MemberRow = {
  user_id: string
  role: Role
  created_at: string
  email: string | null
  full_name: string | null
}
export type InvitationRow = {
  id: string
  email: string
  role: Role
  created_at: string
  expired: boolean
}

const serverColumns =
  'id, team_id, name, description, server_type, config, is_active, connection_status, last_connected_at, last_error, credential_type, credential_expires_at, account, protocol_version, transport, created_at, updated_at'
const toolColumns =
  'id, server_id, tool_name, title, description, annotations, is_enabled, policy, timeout_seconds, synced_at, definition_hash, account'

/** PostgREST gives at most this many rows at once. */
const pageLength = 1_000

export function serversQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'servers', 'list'],
    queryFn: () =>
      rows<ServerRow[]>(
        supabase().from('mcp_servers').select(serverColumns)
          .eq('team_id', team_id).is('removed_at', null).order('name'),
      ),
  })
}

/** Null where there is no such server in the team, or no longer. */
export function serverQuery(team_id: string, server_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'servers', server_id],
    queryFn: async () => {
      const found = await rows<ServerRow[]>(
        supabase().from('mcp_servers').select(serverColumns)
          .eq('team_id', team_id).eq('id', server_id).is('removed_at', null),
      )
      return found[0] ?? null
    },
  })
}

/** How many tools each server has, how many of them are switched on, and whose accounts they name. */
export function toolCountsQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'counts'],
    queryFn: async () => {
      const tools = await everyPage<Counted>((from, to) =>
        supabase().from('mcp_tools').select('server_id, is_enabled, account')
          .eq('team_id', team_id).is('removed_at', null).order('id').range(from, to)
      )
      const counts = new Map<string, ToolCounts>()
      for (const { server_id, is_enabled, account } of tools) {
        const now = counts.get(server_id) ?? noTools
        counts.set(server_id, {
          all: now.all + 1,
          on: now.on + Number(is_enabled),
          team: now.team + Number(account === 'team'),
          person: now.person + Number(account === 'person'),
        })
      }
      return counts
    },
  })
}

type Counted = Pick<ToolRow, 'server_id' | 'is_enabled' | 'account'>
export const noTools: ToolCounts = { all: 0, on: 0, team: 0, person: 0 }

export type MyAccount = {
  server_id: string
  credential_type: NonNullable<Server['credential_type']>
  expires_at: string | null
  connected_at: string
}

/** Where the caller has an account of their own, by server. */
export function myAccountsQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'servers', 'my-accounts'],
    queryFn: async () => {
      const mine = await rows<MyAccount[]>(supabase().rpc('my_accounts', { p_team_id: team_id }))
      return new Map(mine.map((one) => [one.server_id, one]))
    },
  })
}

export function toolsQuery(team_id: string, server_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'of', server_id],
    queryFn: () =>
      everyPage<ToolRow>((from, to) =>
        supabase().from('mcp_tools').select(toolColumns)
          .eq('team_id', team_id).eq('server_id', server_id).is('removed_at', null)
          .order('tool_name').range(from, to)
      ),
  })
}

/** Only what the form of one tool needs: schemas can be long. */
export function toolSchemaQuery(team_id: string, tool_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'tools', 'schema', tool_id],
    queryFn: async () => {
      const found = await rows<{ input_schema: JsonSchema }[]>(
        supabase().from('mcp_tools').select('input_schema')
          .eq('team_id', team_id).eq('id', tool_id).is('removed_at', null),
      )
      if (!found[0]) throw new CallError('not_found', 'The server no longer offers this tool.')
      return found[0].input_schema
    },
  })
}

/** So many tools fit into one address. */
const savedAtOnce = 40

/**
 * Keeps a decision about the tools that were on the screen. One whose definition has changed meanwhile is
 * left as it is: nobody judges what they have not seen.
 */
export async function saveTools(
  team_id: string,
  { tools, changes }: { tools: ToolRow[]; changes: ToolChanges },
): Promise<void> {
  let saved = 0
  for (let from = 0; from < tools.length; from += savedAtOnce) {
    const some = tools.slice(from, from + savedAtOnce)
    const kept = await rows<{ id: string }[]>(
      supabase().from('mcp_tools').update(changes).eq('team_id', team_id)
        .in('id', some.map((tool) => tool.id))
        .in('definition_hash', some.map((tool) => tool.definition_hash))
        .select('id'),
    )
    saved += kept.length
  }
  if (saved < tools.length) throw changedMeanwhile
}

const changedMeanwhile = new CallError(
  'conflict',
  'Some of these tools have changed since this page was read, or you may not judge them. Look again.',
)

type MemberAnswer = {
  user_id: string
  role: Role
  created_at: string
  profiles: { email: string | null; full_name: string | null } | null
}

export function membersQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'members'],
    queryFn: async (): Promise<MemberRow[]> => {
      const found = await rows<MemberAnswer[]>(
        supabase().from('team_members').select(
          'user_id, role, created_at, profiles(email, full_name)',
        )
          .eq('team_id', team_id).order('created_at'),
      )
      return found.map(({ profiles, ...member }) => ({
        ...member,
        email: profiles?.email ?? null,
        full_name: profiles?.full_name ?? null,
      }))
    },
  })
}

type InvitationAnswer = Omit<InvitationRow, 'expired'> & { expires_at: string }

export function invitationsQuery(team_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'invitations'],
    queryFn: async (): Promise<InvitationRow[]> => {
      const found = await rows<InvitationAnswer[]>(
        supabase().from('team_invitations').select('id, email, role, created_at, expires_at')
          .eq('team_id', team_id).order('created_at', { ascending: false }),
      )
      const now = new Date()
      return found.map(({ expires_at, ...one }) => ({
        ...one,
        expired: new Date(expires_at) < now,
      }))
    },
  })
}

export async function changeRole(team_id: string, member: { user_id: string; role: Role }) {
  const saved = await rows<unknown[]>(
    supabase().from('team_members').update({ role: member.role })
      .eq('team_id', team_id).eq('user_id', member.user_id).select('user_id'),
  )
  if (saved.length === 0) throw notAllowed
}

export async function removeMember(team_id: string, user_id: string): Promise<void> {
  const gone = await rows<unknown[]>(
    supabase().from('team_members').delete()
      .eq('team_id', team_id).eq('user_id', user_id).select('user_id'),
  )
  if (gone.length === 0) throw notAllowed
}

export async function invite(team_id: string, invitation: { email: string; role: Role }) {
  await rows(
    supabase().rpc('invite_member', {
      p_team_id: team_id,
      p_email: invitation.email,
      p_role: invitation.role,
    }),
  )
}

export async function withdrawInvitation(team_id: string, id: string): Promise<void> {
  await rows(supabase().from('team_invitations').delete().eq('team_id', team_id).eq('id', id))
}

/** Row level security hides what may not be written: nothing changed means not allowed. */
const notAllowed = new CallError('forbidden', 'You may not change this in this team. Ask an admin.')

type Page = Parameters<typeof rows>[0]

async function everyPage<Row>(read: (from: number, to: number) => Page): Promise<Row[]> {
  const all: Row[] = []
  for (let from = 0;; from += pageLength) {
    const page = await rows<Row[]>(read(from, from + pageLength - 1))
    all.push(...page)
    if (page.length < pageLength) return all
  }
}
