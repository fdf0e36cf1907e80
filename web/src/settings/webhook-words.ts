// What is said of a webhook and its deliveries. Pure.
import { count, relativeTime } from '@/lib/format.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import type { Tone } from '@/ui/status.tsx'
import type { Delivery, Webhook, WebhookTest } from './webhook-queries.ts'

type Words = { tone: Tone; word: string; sentence: string | null }

export function lastTry(
  { last_tried_at, last_error }: Pick<Webhook, 'last_tried_at' | 'last_error'>,
): Words {
  if (last_tried_at === null) return { tone: 'muted', word: 'Not tried yet', sentence: null }
  if (last_error === null) return { tone: 'ok', word: 'Arrived', sentence: null }
  return { tone: 'bad', word: 'Did not arrive', sentence: last_error }
}

export function testWords({ delivered, message }: WebhookTest): { tone: Tone; text: string } {
  return delivered
    ? { tone: 'ok', text: `The test arrived. ${message}` }
    : { tone: 'bad', text: `The test did not arrive. ${message}` }
}

/** `2 deliveries wait, 1 was given up in the last 30 days.` Null where all has arrived. */
export function openWords({ waiting, given_up }: Pick<Webhook, 'waiting' | 'given_up'>) {
  const wait = waiting > 0 && `${count(waiting, 'delivery', 'deliveries')} ${waits(waiting)}`
  const gone = given_up > 0 &&
    `${wait ? given_up : count(given_up, 'delivery', 'deliveries')} ${
      given_up === 1 ? 'was' : 'were'
    } given up in the last 30 days`
  const said = [wait, gone].filter(Boolean).join(', ')
  return said ? `${said}.` : null
}

const waits = (many: number) => many === 1 ? 'waits' : 'wait'

type Open = Pick<Delivery, 'gave_up_at' | 'attempts' | 'next_at'>
type At = { on: boolean; now: Date }

/** When it is tried next, or that it is no more. */
export function deliveryState(
  { gave_up_at, attempts, next_at }: Open,
  { on, now }: At,
): { tone: Tone; word: string } {
  if (gave_up_at !== null) {
    return { tone: 'bad', word: `Given up after ${count(attempts, 'try', 'tries')}` }
  }
  if (!on) return { tone: 'muted', word: 'Waits until it is on' }
  const soon = new Date(next_at).getTime() - now.getTime() < 45_000
  const when = soon ? 'in a moment' : relativeTime(next_at, now)
  return { tone: 'info', word: `${attempts === 0 ? 'Sent' : 'Tried again'} ${when}` }
}

/** `Echo in Everything` */
export function deliveryTitle({ payload }: Pick<Delivery, 'payload'>): string {
  const { tool_name, server_name } = payload.data ?? {}
  const tool = tool_name ? toolTitle({ tool_name, title: null }) : 'A call'
  return server_name ? `${tool} in ${server_name}` : tool
}
