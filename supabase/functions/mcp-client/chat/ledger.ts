// What was called in one turn and how it ended, and what the screen has been told of it.
import type { UIMessageChunk } from 'ai'
import type { ToolOutcome } from '../../../../shared/chat.ts'
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
  /** Calls the screen knows of, and those whose outcome it knows. */
  announced: Set<string>
  answered: Set<string>
  rounds: number
  calledInRound: boolean
  said: boolean
  /** Something from outside was shown to the model. */
  readOutside: boolean
}

export function newLedger(): Ledger {
  return {
    running: new Map(),
    outcomes: new Map(),
    announced: new Set(),
    answered: new Set(),
    rounds: 0,
    calledInRound: false,
    said: false,
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
    case 'text-delta':
      ledger.said ||= chunk.delta.trim() !== ''
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

/** Whether a tool of this server linked this resource in a result of this turn. */
export function linkedIn(ledger: Ledger, { server_id, uri }: { server_id: string; uri: string }) {
  return [...ledger.outcomes].some(([id, outcome]) =>
    ledger.running.get(id)?.server_id === server_id && outcome.kind === 'answered' &&
    outcome.result?.content.some((block) => block.type === 'resource_link' && block.uri === uri)
  )
}
