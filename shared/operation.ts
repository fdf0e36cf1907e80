// What an operation is: a name on the wire, who may ask, what goes in, what comes out.
import { z } from 'zod'
import { id } from './team.ts'

/**
 * The least a caller must be in the team. `admin` admits owners too; `member` admits everyone in it;
 * `corridor` does as well, but membership is read by the corridor's own first round trip.
 */
export type Audience = 'member' | 'admin' | 'corridor'

/** `counted`: it makes Astra ask someone else's server, now or from then on, so it counts against the limits of person and team. */
type Declared = { counted?: true }

/**
 * Declares one operation. Every operation takes an optional `team_id`: with one membership it is
 * implied, with several and none given the answer is 400 `team_required` listing them.
 */
export function operation<
  Who extends Audience,
  Request extends z.ZodRawShape,
  Response extends z.ZodType,
>(
  declared: Declared & {
    summary: string
    audience: Who
    input: Request
    output: Response
  },
) {
  return {
    summary: declared.summary,
    audience: declared.audience,
    counted: declared.counted ?? false,
    request: z.strictObject({ team_id: id.optional(), ...declared.input }),
    response: declared.output,
  }
}
