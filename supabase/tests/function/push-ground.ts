// A server whose calls are told on devices, a push service to watch, and people with a device each.
import assert from 'node:assert/strict'
import type { Person } from '../running-stack.ts'
import { startModern } from '../upstreams/modern.ts'
import { type Browser, openPush } from '../upstreams/push-browser.ts'
import { startPushService } from '../upstreams/pushes.ts'
import { addServer, people, stack, syncAndAllow, untilRows } from './the-stack.ts'

const { owner, admin, member } = people
const upstream = startModern()
export const service = startPushService()
Deno.test.afterAll(async () => {
  for (const one of [owner, admin, member]) await forgetDevices(one)
  await Promise.all([upstream.stop(), service.stop()])
})
export const server_id = await addServer(upstream.url, { name: 'Push room' })
await syncAndAllow(server_id)
export const calls = () => upstream.recorder.count('tools/call')

export async function rule(policy: string): Promise<void> {
  const tool_names = ['echo', 'add']
  const { status } = await owner.call('set_tool_policy', { server_id, tool_names, policy })
  assert.equal(status, 200)
}

async function forgetDevices(person: Person): Promise<void> {
  const { body } = await person.call('get_push')
  for (const { id } of body.devices) await person.call('remove_device', { device_id: id })
}

/** A person with a device, no one with another, and nothing on its way. */
export async function device(person: Person, browser?: Browser) {
  // One that is given may be somebody's: it is taken from them as it is.
  for (const one of browser ? [person] : [owner, admin, member]) await forgetDevices(one)
  return await deviceAt(person, browser ?? service.subscribe())
}

async function deviceAt(person: Person, browser: Browser) {
  service.forget()
  service.answer(201)
  const added = await person.call('add_device', { ...browser.subscription, label: 'A phone' })
  assert.equal(added.status, 200, JSON.stringify(added.body))
  return { browser, id: added.body.device.id as string }
}

/** What arrived as the so-manieth, opened by its browser. */
export async function message(browser: Browser, count: number) {
  return openPush(browser, (await service.arrived(count)).body)
}

/** The so-manieth word on one call: calls of before may come up again too. */
export async function messageOn(execution_id: string, browser: Browser, nth = 1) {
  for (let count = 1;; count++) {
    const said = await message(browser, count)
    if (said.tag === execution_id && --nth === 0) return said
  }
}

/** Asks in the chat, where the router proposes the call: nobody has approved it. */
export async function propose(person: Person, text = 'shown') {
  await rule('ask')
  const words = `please could somebody echo of push room says text="${text}" for us`
  const turn = {
    chat_id: crypto.randomUUID(),
    message: { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text: words }] },
  }
  const bearer = { Authorization: `Bearer ${person.token}` }
  assert.equal((await stack.post(JSON.stringify(turn), bearer, '/chat')).status, 200)
  const { body } = await stack.asService(
    `mcp_approvals?user_id=eq.${person.user_id}&decision=is.null&order=asked_at.desc&limit=1`,
  )
  return { ...body[0] as { id: string; execution_id: string }, chat_id: turn.chat_id }
}

/** A call of a member’s that an admin has to approve. */
export async function askAdmin(parameters: Record<string, unknown>) {
  await rule('ask_admin')
  const call = { server_id, tool_name: 'echo', parameters, mode: 'async' }
  const { body } = await member.call('call_tool', call)
  assert.equal(body.status, 'awaiting_approval', JSON.stringify(body))
  return body.execution_id as string
}

export const answer = (token: unknown, decision: unknown = 'approve') =>
  stack.post(JSON.stringify({ token, decision }), {}, '/push/answer')

export async function approvalOf(execution_id: string) {
  const { body } = await stack.asService(`mcp_approvals?execution_id=eq.${execution_id}`)
  return body[0]
}

export async function join(person: Person): Promise<void> {
  const { status } = await stack.asService('team_members', {
    method: 'POST',
    body: JSON.stringify({
      team_id: stack.teams.Acme,
      user_id: person.user_id,
      role: 'member',
    }),
  })
  assert.equal(status, 201)
}

export async function leave(person: Person): Promise<void> {
  const path = `team_members?team_id=eq.${stack.teams.Acme}&user_id=eq.${person.user_id}`
  assert.equal((await stack.asService(path, { method: 'DELETE' })).status, 204)
}

type Push = { attempts: number; leased_until: string | null; sent_at: string | null }

export async function untilPush(device_id: string, holds: (push: Push) => boolean): Promise<void> {
  const ofDevice = `pushes?device_id=eq.${device_id}`
  await untilRows(ofDevice, (rows) => rows.length === 1 && holds(rows[0]))
}
