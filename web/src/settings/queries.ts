// What settings read and write by PostgREST. Every statement names its team; row level security is the guard.
import { queryOptions } from '@tanstack/react-query'
import type { Server } from '@shared/server.ts'
import type { Role } from '@shared/team.ts'
import { CallError } from '@/lib/call.ts'
import type { Person } from '@/lib/person-name.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'

export type ServerRow = Omit<Server, 'has_credential' | 'connected'>
export type MemberRow = Person & { user_id: string; role: Role; created_at: string }
export type InvitationRow = {
  id: string
  email: string
  role: Role
  created_at: string
  expired: boolean
}

const serverColumns =
  'id, team_id, name, description, server_type, config, is_active, connection_status, last_connected_at, last_error, health, checked_at, latency_ms, health_error, credential_type, credential_expires_at, account, protocol_version, transport, created_at, updated_at'

/** Servers are checked every minute: while a page is seen it follows. */
const lookAgain = 20_000

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
    refetchInterval: lookAgain,
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
    refetchInterval: lookAgain,
  })
}

export type EndpointRow = {
  url: string
  status: Server['health']
  latency_ms: number | null
  rests_until: string | null
  checked_at: string | null
  last_error: string | null
}

/** Where a server is reached, its own address first. */
export function endpointsQuery(team_id: string, server_id: string) {
  return queryOptions({
    queryKey: ['team', team_id, 'servers', server_id, 'endpoints'],
    queryFn: () =>
      rows<EndpointRow[]>(
        supabase().from('mcp_endpoints').select(
          'url, status, latency_ms, rests_until, checked_at, last_error',
        )
          .eq('team_id', team_id).eq('server_id', server_id).order('position'),
      ),
    refetchInterval: lookAgain,
  })
}

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

type MemberAnswer = {
  user_id: string
  role: Role
  created_at: string
  profiles: Person | null
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
export const notAllowed = new CallError(
  'forbidden',
  'You may not change this in this team. Ask an admin.',
)

type Page = Parameters<typeof rows>[0]

/** Reads to the end, page by page. */
export async function everyPage<Row>(read: (from: number, to: number) => Page): Promise<Row[]> {
  const all: Row[] = []
  for (let from = 0;; from += pageLength) {
    const page = await rows<Row[]>(read(from, from + pageLength - 1))
    all.push(...page)
    if (page.length < pageLength) return all
  }
}
