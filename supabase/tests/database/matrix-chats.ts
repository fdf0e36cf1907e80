// What the matrix tries on chats, their messages and files: those of one person, and those that a team shares.
import { ofTeam, type Statements, type Target } from './matrix-statements.ts'

/**
 * Chats and what is in them, twice: those of one person, and under `/team` those that are shared. No
 * condition looks into another table: what is hidden there would hide what leaks here.
 */
export function chatStatements(at: Target): Record<string, Statements> {
  const mine = `user_id = '${at.user}'`
  const toGlobex = `team_id = '${at.globex}'`
  const private_of = (column: string) => (team: string) =>
    `${ofTeam(team)} and ${column} <> '${at.shared.chat}'`
  const shared_of = (column: string) => (team: string) =>
    `${ofTeam(team)} and ${column} in ('${at.shared.chat}', '${at.shared_there.chat}')`
  const chats = {
    insert: `(team_id, user_id) values ('${at.team}', '${at.user}')`,
    update: `title = 'Renamed', visibility = visibility, archived_at = now()`,
    move: toGlobex,
  }
  const messages = (chat: string) => ({
    insert: `(id, team_id, chat_id, user_id, role)
      values (gen_random_uuid(), '${at.team}', '${chat}', '${at.user}', 'assistant')`,
    update: `parts = '[]'`,
    move: toGlobex,
  })
  const attachments = ({ chat, message }: { chat: string; message: string }) => ({
    insert: `(team_id, chat_id, message_id, position, name, media_type, content)
      values ('${at.team}', '${chat}', '${message}', 1, 'b.txt', 'text/plain', 'Yg==')`,
    update: `content = 'bWluZQ=='`,
    move: toGlobex,
  })
  const inMine = `chat_id in (select id from public.astra_chats where ${mine})`
  const one = (id: string) => `id = '${id}'`
  const { shared } = at
  return {
    astra_chats: { of: private_of('id'), mine, one: one(at.chat), ...chats },
    'astra_chats/team': { of: shared_of('id'), one: one(shared.chat), ...chats },
    astra_messages: {
      of: private_of('chat_id'),
      mine: inMine,
      one: one(at.message),
      ...messages(at.chat),
    },
    'astra_messages/team': {
      of: shared_of('chat_id'),
      one: one(shared.message),
      ...messages(shared.chat),
    },
    astra_attachments: {
      of: private_of('chat_id'),
      mine: inMine,
      one: one(at.attachment),
      ...attachments(at),
    },
    'astra_attachments/team': {
      of: shared_of('chat_id'),
      one: one(shared.attachment),
      ...attachments(shared),
    },
  }
}
