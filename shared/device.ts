// A device that a person has asked to be told on: a Web Push subscription (RFC 8030, RFC 8291, RFC 8292).
import { z } from 'zod'
import { operation } from './operation.ts'
import { subscription } from './push.ts'
import { id, timestamp } from './team.ts'

export const device = z.object({
  id,
  /** Named by the browser it is: “Chrome on Android”. */
  label: z.string(),
  created_at: timestamp,
  /** When a push service last took a message for it; null before the first. */
  reached_at: timestamp.nullable(),
})
export type Device = z.infer<typeof device>

export const deviceOperations = {
  get_push: operation({
    summary: 'What a browser needs to subscribe, and your devices that are told of waiting calls',
    audience: 'member',
    input: {},
    output: z.object({
      /** The VAPID public key; null where the installation has none. */
      public_key: z.string().nullable(),
      devices: z.array(device),
    }),
  }),
  add_device: operation({
    summary: 'Tell you on this device too, when a call of yours waits for you or has ended',
    audience: 'member',
    counted: true,
    input: {
      ...subscription.shape,
      label: z.string().trim().min(1).max(80),
    },
    output: z.object({ device }),
  }),
  remove_device: operation({
    summary: 'No longer tell you on a device of yours',
    audience: 'member',
    input: { device_id: id },
    output: z.object({ removed: z.boolean() }),
  }),
  test_device: operation({
    summary: 'Send a device of yours a message now, and say how that went',
    audience: 'member',
    counted: true,
    input: { device_id: id },
    output: z.object({ taken: z.boolean(), message: z.string() }),
  }),
} as const
