import { describe, expect, test, vi } from 'vitest'
import type { Happening } from '@shared/happening.ts'
import { callError, callStreaming } from './call.ts'

vi.mock('./supabase.ts', () => ({
  functionUrl: () => 'https://astra.test/functions/v1/mcp-client',
  functionHeaders: () => Promise.resolve({ authorization: 'Bearer t' }),
}))

test('a refusal keeps its code, its sentence and what is wrong with which field', () => {
  const details = [{ path: 'parameters.a', message: 'must be a number' }]
  const error = callError(400, {
    error: { code: 'invalid_parameters', message: 'No.', request_id: 'r', details },
  })
  expect(error).toMatchObject({
    code: 'invalid_parameters',
    message: 'No.',
    requestId: 'r',
    problems: details,
  })
})

test('an answer that is not Astra’s says so instead of being guessed at', () => {
  expect(callError(502, '<html>')).toMatchObject({ code: 'unreadable' })
  expect(callError(502, '<html>').message).toContain('502')
})

describe('an answer in parts', () => {
  const ndjson = { headers: { 'content-type': 'application/x-ndjson' } }
  const step = (name: string) => `{"event":"step","step":{"step":"${name}","message":"ö"}}\n`
  const answer = '{"event":"answer","answer":{"ok":true}}\n'

  /** Sends the bytes in pieces of that size: lines and letters are cut anywhere. */
  function inPieces(text: string, size: number): ReadableStream<Uint8Array> {
    const bytes = new TextEncoder().encode(text)
    return new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) {
          controller.enqueue(bytes.slice(at, at + size))
        }
        controller.close()
      },
    })
  }

  async function ask(response: Response) {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(response)
    const events: Happening[] = []
    const answered = callStreaming('test_server', { team_id: 't', server_id: 's' }, {
      onEvent: (event) => events.push(event),
    })
    const [outcome] = await Promise.allSettled([answered])
    return { outcome, events, init: fetched.mock.calls[0]?.[1] }
  }

  test('is told event by event, whole, however it is cut', async () => {
    for (const size of [1, 7, 1_000]) {
      const body = inPieces(step('resolve') + '\n' + step('tls') + answer, size)
      const { outcome, events, init } = await ask(new Response(body, ndjson))
      expect(outcome).toMatchObject({ value: { ok: true } })
      expect(events.map((told) => told.event === 'step' && told.step)).toEqual([
        { step: 'resolve', message: 'ö' },
        { step: 'tls', message: 'ö' },
      ])
      expect(new Headers(init?.headers).get('accept')).toBe('application/x-ndjson')
    }
  })

  test('may be one ordinary answer, or an ordinary refusal', async () => {
    expect(await ask(Response.json({ ok: true }))).toMatchObject({
      outcome: { value: { ok: true } },
      events: [],
    })
    const refusal = { error: { code: 'forbidden', message: 'No.', request_id: 'r' } }
    expect(await ask(Response.json(refusal, { status: 403 })))
      .toMatchObject({ outcome: { reason: { code: 'forbidden', message: 'No.' } } })
  })

  test('may end in a refusal, which is thrown after what came before it', async () => {
    const error =
      '{"event":"error","error":{"code":"not_found","message":"Gone.","request_id":"r"}}'
    const told = await ask(new Response(step('resolve') + error, ndjson))
    expect(told).toMatchObject({ outcome: { reason: { code: 'not_found', message: 'Gone.' } } })
    expect(told.events).toHaveLength(1)
  })

  test('that breaks off, or is something else, is never taken for an answer', async () => {
    expect(await ask(new Response(step('resolve'), ndjson)))
      .toMatchObject({ outcome: { reason: { code: 'unreachable' } } })
    for (const wrong of ['<html>\n', '[1]\n', 'null\n', '{"step":1}\n']) {
      expect(await ask(new Response(wrong, ndjson))).toMatchObject({
        outcome: { reason: { code: 'unreadable' } },
      })
    }
  })
})
