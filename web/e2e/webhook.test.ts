// A team's webhook: set with its secret shown once, tried out, told of a call in the background, and what did not arrive.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { expect, inject } from 'vitest'
import { callBehind, foundTeam } from './api.ts'
import { gone, seen } from './conversation.ts'
import { journey } from './journey.ts'

type Delivery = { headers: IncomingHttpHeaders; body: string }

/** Answers as it is told to, and keeps what it was sent. */
async function receive() {
  const { hostname, port } = new URL(inject('receiver'))
  const deliveries: Delivery[] = []
  const state = { status: 204 }
  const server = createServer((asked, answer) => {
    const parts: Buffer[] = []
    asked.on('data', (part: Buffer) => parts.push(part))
    asked.on('end', () => {
      deliveries.push({ headers: asked.headers, body: Buffer.concat(parts).toString() })
      answer.writeHead(state.status).end()
    })
  }).listen(Number(port), hostname)
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { deliveries, state, close }
}

/** Standard Webhooks 1.0, by hand: what a receiver without a library does. */
function signed({ headers, body }: Delivery, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const signature = createHmac('sha256', key).update(content).digest('base64')
  return headers['webhook-signature'] === `v1,${signature}`
}

journey('a webhook is set, tried out, told, and says what did not arrive', async ({ stage }) => {
  const team = await foundTeam()
  const receiver = await receive()
  try {
    const page = await stage.open({ on: 'phone', as: team.owner, at: '/settings?tab=team' })
    await page.getByRole('textbox', { name: 'Address' }).fill(`${inject('receiver')}/hook`)
    await page.getByRole('button', { name: 'Add webhook' }).click()
    const dialog = page.getByRole('dialog', { name: 'The signing secret' })
    const secret = await dialog.getByText(/^whsec_/).first().textContent()
    await dialog.getByRole('button', { name: 'I have kept it' }).click()
    await gone(dialog)

    await page.getByRole('button', { name: 'Send a test' }).click()
    await seen(page.getByText('The test arrived. The receiver answered 204.'))
    const [test] = receiver.deliveries
    expect(JSON.parse(test!.body)).toMatchObject({ type: 'webhook.test' })
    expect(signed(test!, secret!)).toBe(true)
    expect(signed(test!, `whsec_${'A'.repeat(44)}`)).toBe(false)

    const execution_id = await callBehind(team.owner, team, {
      tool_name: 'echo',
      parameters: { message: 'not for others' },
    })
    await expect.poll(() => receiver.deliveries.length, { timeout: 20_000 }).toBe(2)
    const told = receiver.deliveries[1]!
    expect(JSON.parse(told.body)).toMatchObject({
      type: 'execution.ended',
      data: { execution_id, status: 'success' },
    })
    expect([signed(told, secret!), told.body.includes('not for others')]).toEqual([true, false])

    receiver.state.status = 500
    await page.getByRole('button', { name: 'Send a test' }).click()
    await seen(page.getByText('The test did not arrive. The receiver answered 500.'))
    await callBehind(team.owner, team, { tool_name: 'echo', parameters: { message: 'lost' } })
    await page.reload()
    await seen(page.getByText('1 delivery waits.'))
    await seen(page.getByRole('list', { name: 'Not delivered' }).getByText('Echo in Everything'))
    expect(await page.getByText('whsec_').count()).toBe(0)

    await page.getByRole('switch', { name: 'Webhook is on' }).click()
    await seen(page.getByText('Waits until it is on'))
    await page.getByRole('button', { name: 'More about the webhook' }).click()
    await page.getByRole('menuitem', { name: 'Remove webhook' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove webhook' }).click()
    await seen(page.getByRole('button', { name: 'Add webhook' }))
  } finally {
    receiver.close()
  }
})
