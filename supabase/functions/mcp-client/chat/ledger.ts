// What was called in one turn and how it ended, and what the screen has been told of it.
import type { UIMessageChunk } from 'ai'
import type { ToolOutcome } from '../../../../shared/chat.ts'
import { canonical } from '../canonical.ts'
import { isOpen } from './outcome-text.ts'

export type Started = {
  key: string
  input: unknown
  /** Null for Astra’s own tools. */
  server_id: string | null
  ended: Promise<void>
}

export type Ledger = {
  running: Map<string, Started>
  outcomes: Map<string, ToolOutcome>
  /** Calls that were refused, by what they are and with which arguments. */
  refused: Set<string>
  /** Calls the screen knows of, and those whose outcome it knows. */
  announced: Set<string>
  answered: Set<string>
  rounds: number
  calledInRound: boolean
  said: boolean
  /** Characters the model has written. */
  written: number
  /** More tokens than one answer may take: seen while it was being written, or between two rounds. */
  overTokens: 'writing' | 'between' | null
  /** Texts on the screen that are still being written. */
  open: Set<string>
  /** Something from outside was shown to the model. */
  readOutside: boolean
}

export function newLedger(): Ledger {
  return {
    running: new Map(),
    outcomes: new Map(),
    refused: new Set(),
    announced: new Set(),
    answered: new Set(),
    rounds: 0,
    calledInRound: false,
    said: false,
    written: 0,
    overTokens: null,
    open: new Set(),
    readOutside: false,
  }
}

type Chunk = UIMessageChunk

/** Takes note of what the screen is told. */
export function observe(chunk: Chunk, ledger: Ledger): void {
  switch (chunk.type) {
    case 'start-step':
      ledger.rounds++
      ledger.calledInRound = false
      return
    case 'text-start':
      ledger.open.add(chunk.id)
      return
    case 'text-end':
      ledger.open.delete(chunk.id)
      return
    case 'text-delta':
      ledger.said ||= chunk.delta.trim() !== ''
      ledger.written += chunk.delta.length
      return
    case 'reasoning-delta':
      ledger.written += chunk.delta.length
      return
    case 'tool-input-delta':
      ledger.written += chunk.inputTextDelta.length
      return
    case 'tool-input-available':
      ledger.calledInRound = true
      ledger.announced.add(chunk.toolCallId)
      return
    case 'tool-input-error':
      ledger.calledInRound = true
      return
    case 'tool-output-available':
    case 'tool-output-error':
      ledger.answered.add(chunk.toolCallId)
  }
}

/** A call of this turn waits for a person, or went on without it: the turn ends with it. */
export function waits(ledger: Ledger): boolean {
  return [...ledger.outcomes.values()].some((outcome) =>
    outcome.kind === 'needs_person' || isOpen(outcome)
  )
}

/**
 * Makes a call of this turn, unless it is one too many, or one that was refused before with the very same
 * arguments: to ask again is a person’s to decide.
 */
export async function once(
  ledger: Ledger,
  { key, input, limit }: { key: string; input: unknown; limit: number },
  call: () => Promise<ToolOutcome>,
): Promise<ToolOutcome> {
  if (ledger.running.size >= limit) {
    return {
      kind: 'refused',
      code: 'too_many',
      message: `One answer makes at most ${limit} calls.`,
    }
  }
  const name = canonical([key, input])
  if (ledger.refused.has(name)) return REPEATED
  const outcome = await call()
  if (isRefusal(outcome)) ledger.refused.add(name)
  return outcome
}

const REPEATED: ToolOutcome = {
  kind: 'refused',
  code: 'repeated',
  message: 'This very call was refused before in this answer, so it was not made again.',
}

function isRefusal(outcome: ToolOutcome): boolean {
  return outcome.kind === 'refused' || outcome.kind === 'answered' && outcome.status === 'denied'
}

/** Whether a tool of this server linked this resource in a result of this turn. */
export function linkedIn(ledger: Ledger, { server_id, uri }: { server_id: string; uri: string }) {
  return [...ledger.outcomes].some(([id, outcome]) =>
    ledger.running.get(id)?.server_id === server_id && outcome.kind === 'answered' &&
    outcome.result?.content.some((block) => block.type === 'resource_link' && block.uri === uri)
  )
}
