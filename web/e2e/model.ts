// A language model that says what a journey wants it to: a provider at an address the stack may ask
// (supabase/tests/models/provider-child.ts). Each team gets a name there, so that journeys do not hear each other’s.
import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { call, type OwnTeam } from './api.ts'

type Usage = { input: number; output: number; cached?: number; cost?: number }
type Spoken = {
  say?: string[]
  /** Tools as the model knows them: `everything__echo`. */
  calls?: { id: string; name: string; input: unknown }[]
  usage?: Usage
}
/** One answer of the model, in the order it is asked; `supabase/tests/models/scripted.ts` says what each does. */
export type Scripted =
  | Spoken & { ends?: 'stop' | 'length' | 'content_filter' }
  | Spoken & { holds: true }
  | { say?: string[]; hangs: true }
  | { say: string[]; breaks: true }
  | { say: string[]; fails: { type: string; message: string } }
  | { status: number; body: unknown; headers?: Record<string, string> }

type Asked = { path: string; body: { messages: unknown[]; tools?: unknown[] } }

export type ScriptedModel = {
  /** What an admin enters as its address. */
  base_url: string
  key: string
  /** What it was asked so far, oldest first. */
  asked: () => Promise<Asked[]>
  /** Says something else from now on, its first entry first. */
  play: (script: Scripted[]) => Promise<void>
  /** Answers that hold go on. */
  release: () => Promise<void>
}

/** A model that plays the script, not yet any team’s. It takes its own key and no other. */
export async function scriptModel(script: Scripted[]): Promise<ScriptedModel> {
  const at = `${inject('models')}/${randomUUID()}`
  const key = `sk-${randomUUID()}`
  const play = (lines: Scripted[]) => send(at, 'PUT', { script: lines, key })
  await play(script)
  return {
    base_url: `${at}/v1`,
    key,
    play,
    asked: async () => (await (await fetch(at)).json() as { asked: Asked[] }).asked,
    release: () => send(`${at}/release`, 'POST'),
  }
}

/** The team’s model from now on: it plays the script. */
export async function useModel(
  { owner, team_id }: Pick<OwnTeam, 'owner' | 'team_id'>,
  script: Scripted[],
  { takes_images = false } = {},
): Promise<ScriptedModel> {
  const scripted = await scriptModel(script)
  const { base_url, key: api_key } = scripted
  const model = { provider: 'openai_compatible', base_url, name: 'scripted', takes_images, api_key }
  await call(owner, 'set_model', { team_id, model })
  return scripted
}

async function send(url: string, method: string, body?: unknown): Promise<void> {
  const answer = await fetch(url, {
    method,
    body: body === undefined ? null : JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
}
