// The stack as its own client: the same doors a browser uses, with a person's session. No shortcuts.
import type { ActionName, InputOf, ResponseOf } from '../../shared/operations.ts'

export type Api = {
  /** Creates an account; false when the address already has one. */
  signUp(email: string, password: string): Promise<boolean>
  signIn(email: string, password: string): Promise<Session>
}
export type Session = {
  call<Name extends ActionName>(action: Name, input: InputOf<Name>): Promise<ResponseOf<Name>>
}

/** Talks to a stack at its origin. Every refusal is thrown as an Error that says what was refused. */
export function createApi(url: string, publishableKey: string): Api {
  const send = (path: string, { token, body }: { token?: string; body: unknown }) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        apikey: publishableKey,
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(body),
    })

  return {
    async signUp(email, password) {
      const answer = await send('/auth/v1/signup', { body: { email, password } })
      const { error_code } = await readAnswer(answer, [200, 400, 422])
      if (answer.ok) return true
      if (error_code === 'user_already_exists' || error_code === 'email_exists') return false
      throw new Error(`signing up ${email} was refused (${String(error_code)})`)
    },
    async signIn(email, password) {
      const answer = await send('/auth/v1/token?grant_type=password', { body: { email, password } })
      const { access_token: token } = await readAnswer(answer, [200]) as { access_token: string }
      return {
        async call(action, input) {
          const answer = await send('/functions/v1/mcp-client', {
            token,
            body: { action, ...input },
          })
          return await readAnswer(answer, [200]) as never
        },
      }
    },
  }
}

async function readAnswer(answer: Response, expected: number[]): Promise<Record<string, unknown>> {
  const text = await answer.text()
  if (!expected.includes(answer.status)) {
    throw new Error(
      `${new URL(answer.url).pathname} answered ${answer.status}: ${text.slice(0, 200)}`,
    )
  }
  return text === '' ? {} : JSON.parse(text)
}
