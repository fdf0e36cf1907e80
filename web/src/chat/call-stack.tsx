// Calls that follow one another in an answer, as one card: how many there are, and one line for each.
import { useMemo } from 'react'
import { count } from '@/lib/format.ts'
import type { ChatMessage } from './chat-message.ts'
import type { ChatTool } from './chat-tools.ts'
import type { PartGroup } from './group-parts.ts'
import { readToolCall, type ToolCall } from './tool-call.ts'
import { type CallActions, ToolCard } from './tool-card.tsx'

type Props = {
  parts: Extract<PartGroup, { kind: 'calls' }>['parts']
  message: ChatMessage
  tools: Map<string, ChatTool>
  actions: CallActions
  /** The answer is still arriving. */
  live: boolean
  current: boolean
  speaksForItself: boolean
}

export function CallStack({ parts, message, tools, live, ...card }: Props) {
  const calls = useMemo(
    () => parts.map((part) => readToolCall(part, { message, tools, live })),
    [parts, message, tools, live],
  )
  return (
    <div className='divide-y divide-line rounded-card border border-line bg-raised'>
      {calls.length > 1 && (
        <p className='px-3 py-2 text-xs text-muted'>
          <span className='font-medium text-text'>{count(calls.length, 'call')}</span>
          {standing(calls)}
        </p>
      )}
      {calls.map((call) => <ToolCard key={call.id} call={call} {...card} />)}
    </div>
  )
}

/** `2 done, 1 failed, 1 under way`. Of what waited when it was kept, its own line knows how it went on. */
function standing(calls: ToolCall[]): string {
  const words: Partial<Record<ToolCall['state']['kind'], string>> = {
    done: 'done',
    failed: 'failed',
    running: 'under way',
    preparing: 'under way',
    waiting: '',
  }
  const told = new Map<string, number>()
  for (const { state } of calls) {
    const word = words[state.kind] ?? 'not run'
    if (word) told.set(word, (told.get(word) ?? 0) + 1)
  }
  return [...told].map(([word, many]) => ` · ${many} ${word}`).join('')
}
