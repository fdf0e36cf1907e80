// What the screen is told of a call while it runs: its progress and the newest lines its server logs.
// A hostile server sends either without end: what is shown is bounded in length, in number and in time.
import type { CallPart } from '../../../../shared/chat.ts'
import type { LogLine } from '../../../../shared/happening.ts'
import type { Watch } from '../execute.ts'
import { cleanText } from '../mcp/content.ts'
import type { ChatTool } from './tools.ts'

export type Show = (part: CallPart) => void

type Shown = Pick<ChatTool, 'server_id' | 'server_name' | 'tool_name' | 'title'>

/** At most ten times a second. */
const SHOWN_EVERY_MS = 100
const LOG_LINES = 20
const LINE_CHARACTERS = 300

/** Shows the call at once. `watch` goes to the corridor; `end` shows what is newest, if it was not yet. */
export function showCall(
  { tool, tool_call_id }: { tool: Shown; tool_call_id: string },
  show: Show,
): { watch: Omit<Watch, 'signal'>; end: () => void } {
  let part: CallPart = {
    tool_call_id,
    execution_id: null,
    server_id: tool.server_id,
    server_name: tool.server_name,
    tool_name: tool.tool_name,
    tool_title: tool.title,
    started_at: new Date().toISOString(),
    progress: null,
    log: [],
  }
  let shown = -Infinity
  let later: ReturnType<typeof setTimeout> | null = null
  let ended = false
  const showNow = () => {
    later = null
    shown = performance.now()
    show(part)
  }
  const change = (changed: Partial<CallPart>) => {
    part = { ...part, ...changed }
    if (later !== null || ended) return
    const wait = shown + SHOWN_EVERY_MS - performance.now()
    if (wait <= 0) showNow()
    else later = setTimeout(showNow, wait)
  }
  show(part)
  return {
    watch: {
      onBegun: (execution_id) => change({ execution_id }),
      onProgress: (progress) => change({ progress }),
      onLog: (line) => change({ log: [...part.log, lineOf(line)].slice(-LOG_LINES) }),
    },
    end: () => {
      // A call that waits for a person goes on after its turn: by then nobody listens here.
      ended = true
      if (later === null) return
      clearTimeout(later)
      showNow()
    },
  }
}

function lineOf({ level, text }: LogLine): string {
  const line = cleanText(text, LINE_CHARACTERS).replace(/\s+/g, ' ')
  return level === 'info' || level === 'debug' ? line : `${level}: ${line}`
}
