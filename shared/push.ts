// What a device is sent while the app is closed, and how it answers: between the function and the service worker.
import { z } from 'zod'
import { executionStatus } from './execution.ts'
import { id, timestamp } from './team.ts'

/** What a person may say to a call without opening the app. */
export const pushDecision = z.enum(['approve', 'reject'])
export type PushDecision = z.infer<typeof pushDecision>

/** One notification. Another one with the same tag takes its place. */
export const pushMessage = z.object({
  /** The call it is about. */
  tag: id,
  title: z.string().max(100),
  body: z.string().max(500),
  /** The page of the app that it opens. */
  url: z.string().max(200),
  /** It takes another one’s place and calls for nobody. */
  quiet: z.boolean(),
  /** It waits for its person: it stays until they have dealt with it. */
  asks: z.boolean(),
  sent_at: timestamp,
  /** One token for each answer, where the words above show all there is to decide on. */
  answers: z.record(pushDecision, z.string()).optional(),
})
export type PushMessage = z.infer<typeof pushMessage>

/** `POST /push/answer`: the token is all that opens it, once, for the one decision it was made for. */
export const pushAnswer = z.strictObject({
  token: z.string().min(1).max(1_024),
  decision: pushDecision,
})
export const pushAnswered = z.object({ status: executionStatus, message: pushMessage })
export type PushAnswered = z.infer<typeof pushAnswered>

/** base64url, without padding. */
const base64url = z.string().max(200).regex(/^[A-Za-z0-9_-]+$/)

/** A browser’s own subscription (W3C Push API, `PushSubscription.toJSON`). */
export const subscription = z.strictObject({
  endpoint: z.string().min(1).max(2_048),
  keys: z.strictObject({ p256dh: base64url, auth: base64url }),
})
export type Subscription = z.infer<typeof subscription>

/** `POST /push/moved`: a browser was given another subscription, and shows that the old one was its own. */
export const pushMoved = z.strictObject({
  old: z.strictObject({ endpoint: subscription.shape.endpoint, auth: base64url }),
  now: subscription,
})
