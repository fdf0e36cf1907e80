// What a notification says of a call. Pure. Whatever a server or a model wrote is shown as what it is, cut
// where it is cut, and never so that it could pass for words of ours.
import { endWords } from '../../../shared/end-words.ts'
import type { PushMessage } from '../../../shared/push.ts'
import type { ExecutionStatus, ToolResult } from '../../../shared/execution.ts'
import { isRecord } from '../../../shared/json.ts'

/** A call as its row tells it when the notification is made. */
export type PushedCall = {
  server_name: string
  tool_name: string
  status: ExecutionStatus
  error_code: string | null
  error_message: string | null
  parameters: Record<string, unknown>
  asked: Record<string, unknown> | null
  result: ToolResult | null
  chat_id: string | null
  /** It is the reader’s own call. */
  theirs: boolean
  whose: string | null
}

export type Words = Pick<PushMessage, 'title' | 'body' | 'quiet' | 'asks'>

/** So much fits on a screen that is locked. */
const WHOLE_CHARACTERS = 240
const WHOLE_LINES = 5
const NAME_CHARACTERS = 48
const BODY_CHARACTERS = 400

/** What is asked of a person, or what came of it. */
export function wordsFor(kind: string, call: PushedCall): Words {
  const { server_name, tool_name } = call
  const tool = oneLine(tool_name, NAME_CHARACTERS)
  const server = oneLine(server_name, NAME_CHARACTERS)
  switch (kind) {
    case 'approval_needed':
      return asking(`Run ${tool}?`, [
        call.theirs ? `In ${server}` : `In ${server}, for ${oneLine(call.whose ?? 'a member', 60)}`,
        ...(showsAll(call) ? argumentLines(call.parameters) : shortened(call.parameters)),
      ])
    case 'input_needed':
      return asking(`${server} asks you something`, [
        `For ${tool}`,
        ...(typeof call.asked?.message === 'string' ? [quoted(call.asked.message)] : []),
      ])
    case 'sign_in_needed':
      return asking(`Sign in to ${server}`, [`${tool} waits for it.`])
    case 'approval_decided':
      return telling(
        call.error_code === 'rejected' ? `${tool} was not approved` : `${tool} was approved`,
        [`In ${server}`],
      )
    case 'settled':
      return { ...telling(`${tool} in ${server}`, ['This is settled.']), quiet: true }
    default:
      return ended(call, { tool, server })
  }
}

/** After a yes or a no from the notification itself. */
export function answeredWords(
  call: Pick<PushedCall, 'server_name' | 'tool_name' | 'status'>,
): Words {
  const [tool, server] = [call.tool_name, call.server_name].map((name) =>
    oneLine(name, NAME_CHARACTERS)
  )
  if (call.status === 'running') {
    return { ...telling(`Approved: ${tool} is running`, [`In ${server}`]), quiet: true }
  }
  return { ...telling(`${tool} did not run`, [`In ${server}`]), quiet: true }
}

function asking(title: string, lines: string[]): Words {
  return { title, body: cut(lines.join('\n'), BODY_CHARACTERS), quiet: false, asks: true }
}

function telling(title: string, lines: string[]): Words {
  return { title, body: cut(lines.join('\n'), BODY_CHARACTERS), quiet: false, asks: false }
}

function ended(call: PushedCall, { tool, server }: { tool: string; server: string }): Words {
  const title = `${tool} ${endWords(call.status)}`
  const text = call.result?.content.find((block) => typeof block.text === 'string')?.text
  if (call.status === 'success' && call.theirs && typeof text === 'string') {
    return telling(title, [`In ${server}`, quoted(text)])
  }
  return telling(title, [
    `In ${server}`,
    ...(call.error_message ? [oneLine(call.error_message, 300)] : []),
  ])
}

/**
 * Whether a person who reads the notification has read the whole call: its tool, its server and its
 * arguments, every character of them, on a few lines and with nothing that cannot be seen.
 */
export function showsAll({ server_name, tool_name, parameters }: PushedCall): boolean {
  const lines = argumentLines(parameters)
  return [server_name, tool_name].every((name) =>
    isPlain(name) && name.length <= NAME_CHARACTERS
  ) &&
    lines.length <= WHOLE_LINES &&
    lines.every(isPlain) &&
    Object.keys(parameters).every((name) => /^[\w.-]{1,48}$/.test(name)) &&
    lines.join('\n').length <= WHOLE_CHARACTERS
}

function shortened(parameters: Record<string, unknown>): string[] {
  const lines = argumentLines(parameters)
  const shown = lines.slice(0, WHOLE_LINES).map((line) => oneLine(line, 120))
  const left = lines.length - shown.length
  return left > 0 ? [...shown, `… and ${left} more`] : shown
}

/** As JSON writes them: where a text ends is seen. */
function argumentLines(parameters: Record<string, unknown>): string[] {
  const entries = Object.entries(isRecord(parameters) ? parameters : {})
  if (entries.length === 0) return ['without arguments']
  return entries.map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
}

/** Letters, figures, signs and plain spaces: nothing invisible, nothing that turns the direction of reading. */
function isPlain(text: string): boolean {
  return text.isWellFormed() && !/\p{C}|(?! )\p{Z}|\p{M}{3}|\p{DI}/u.test(text)
}

function quoted(text: string): string {
  return `“${oneLine(text, 200)}”`
}

function oneLine(text: string, most: number): string {
  return cut(text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim(), most)
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed().trimEnd()}…`
}
