// Whether a model that proposes a call may be following words from outside: what tools, resources and files
// said in this chat, and what other servers say of themselves. In doubt, yes. The rule itself is the database’s.
import type { ModelMessage } from 'ai'
import type { ToolOutcome } from '../../../../shared/chat.ts'
import { isFromOutside } from './outcome-text.ts'
import type { ChatServer, ChatTool, Tools } from './tools.ts'

/** Refusals in which every word is Astra’s own. */
const OWN_WORDS = new Set(['denied', 'forbidden', 'rate_limited', 'too_many', 'repeated'])

/** Whether this outcome shows the model something that was not written by Astra or a member. */
export function showsOutside(outcome: ToolOutcome): boolean {
  return isFromOutside(outcome) || outcome.kind === 'refused' && !OWN_WORDS.has(outcome.code)
}

/** Whether what a model is told of the past holds results, or more than a person’s own words. */
export function pastShowsOutside(past: ModelMessage[]): boolean {
  return past.some(({ role, content }) => {
    if (typeof content === 'string') return false
    return content.some(({ type }) => type === 'tool-result' || type === 'file') ||
      role === 'user' && content.length > 1
  })
}

type Shown = {
  past: ModelMessage[]
  /** In this turn: what came along with the message, and what calls gave. */
  readOutside: boolean
  servers: ChatServer[]
  /** The tools whose descriptions the model is offered. */
  offered: Tools
}

/**
 * Of a call of this tool, now. Words of other servers count even before anything was read: one server’s
 * introduction must not steer what is sent through another’s tool.
 */
export function mayFollowOutside(
  { server_id }: Pick<ChatTool, 'server_id'>,
  shown: Shown,
): boolean {
  const { past, readOutside, servers, offered } = shown
  return readOutside || pastShowsOutside(past) ||
    servers.some(({ id, instructions }) =>
      id !== server_id && (instructions ?? '').trim() !== ''
    ) ||
    [...offered.values()].some((tool) => tool.server_id !== server_id)
}
