import assert from 'node:assert/strict'
import { hashOf } from './admission.ts'
import type { App } from './app.ts'
import type { DuePush } from './push-delivery.ts'
import { answersFor, openAnswer } from './push-token.ts'

const keyed = (fill: number) => ({ version: 1, bytes: new Uint8Array(32).fill(fill) })
const app = { settings: { credentialKeys: [keyed(7)] } } as App
const parameters = { text: 'shown' }
const asked = { approval_id: 'approval', needs: 'self', expires_at: '2026-11-21T10:00:00Z' }
const due = {
  kind: 'approval_needed',
  team_id: 'team',
  user_id: 'person',
  device_id: 'device',
  call: {
    server_name: 'Tracker',
    tool_name: 'echo',
    status: 'awaiting_approval',
    parameters,
    asked,
    theirs: true,
    role: 'member',
    arguments_hash: await hashOf(parameters),
  },
} as unknown as DuePush
const offered = (over: Partial<DuePush['call']>, kind = due.kind) =>
  answersFor(app, { ...due, kind, call: { ...due.call, ...over } })

Deno.test('each answer is sealed for one decision of one person on one device', async () => {
  const answers = await offered({})
  for (const decision of ['approve', 'reject'] as const) {
    assert.deepEqual(await openAnswer(app, answers![decision]), {
      approval_id: 'approval',
      team_id: 'team',
      user_id: 'person',
      device_id: 'device',
      decision,
      expires_at: asked.expires_at,
    })
    const other = { settings: { credentialKeys: [keyed(8)] } } as App
    assert.equal(await openAnswer(other, answers![decision]), null)
  }
})

Deno.test('whoever may not decide, or is not shown everything, is offered no answer', async () => {
  const admins = { ...asked, needs: 'admin' }
  assert.ok(await offered({ asked: admins, theirs: false, role: 'admin' }))
  const refused: [string, Partial<DuePush['call']>, string?][] = [
    ['someone else’s call', { theirs: false, role: 'owner' }],
    ['a member, where an admin is needed', { asked: admins }],
    ['over', { status: 'running' }],
    ['no approval', { asked: null }],
    ['something concealed', { parameters: { text: '[redacted]' } }],
    ['too long', { parameters: { text: 'x'.repeat(300) } }],
    ['another message', {}, 'execution_ended'],
  ]
  for (const [why, over, kind] of refused) assert.equal(await offered(over, kind), null, why)
})
