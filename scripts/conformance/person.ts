// An admin of a team of their own at a running Astra, who does what a person at the app would: asks for
// operations, signs in when told to, answers forms. Uses the public API and nothing else.
import type { ExecutionAnswer } from '../../shared/execution.ts'
import type { ActionName, InputOf, ResponseOf } from '../../shared/operations.ts'

export type Stack = { url: string; publishable_key: string }

/** An operation was refused: what it answered instead. */
export class Refused extends Error {}

/** As many sign-ins as one operation may ask for. */
const mostSignIns = 3
/** As many forms as one call may show. */
const mostForms = 5

export type Person = {
  /** An operation, with the sign-ins it asks for. Throws `Refused`. */
  ask<Name extends ActionName>(action: Name, input: InputOf<Name>): Promise<Answered<Name>>
  /** A call, with the sign-ins and forms it asks for; forms are accepted as they are. */
  call(server_id: string, tool_name: string, parameters: object): Promise<ExecutionAnswer>
  /** Everything a server lists may run unasked from now on. */
  allowTools(server_id: string): Promise<void>
}

/** What remains of an answer once no sign-in is needed any more. */
type Answered<Name extends ActionName> = Exclude<ResponseOf<Name>, { status: 'awaiting_auth' }>

/** Signs up and founds a team. */
export async function newPerson(stack: Stack): Promise<Person> {
  const door = new Door(stack)
  await door.signUp(`${crypto.randomUUID()}@conformance.example`)
  const team_id = await door.data<string>('rpc/create_team', 'POST', { p_name: 'Conformance' })
  // deno-lint-ignore no-explicit-any -- the shapes are the contract's, checked where they are used
  const ask = async (action: string, input: object): Promise<any> => {
    for (let signIns = 0;; signIns++) {
      const answer = await door.operation(action, { team_id, ...input })
      if (answer.status !== 'awaiting_auth') return answer
      if (signIns === mostSignIns) throw new Refused(`${action} asks for yet another sign-in`)
      await signIn(answer.authorization_url)
    }
  }
  return {
    ask,
    async call(server_id, tool_name, parameters) {
      let answer = await ask('call_tool', { server_id, tool_name, parameters })
      for (let forms = 0; answer.status === 'awaiting_input'; forms++) {
        if (forms === mostForms) throw new Refused(`${tool_name} asks for yet another form`)
        const { execution_id } = answer
        answer = await ask('answer_input', { execution_id, answer: 'accept', content: {} })
      }
      return answer
    },
    allowTools: (server_id) =>
      door.data(`mcp_tools?server_id=eq.${server_id}`, 'PATCH', { policy: 'allow' }),
  }
}

/** What a browser does with a link: the authorization server sends it on to Astra's callback. */
async function signIn(authorization_url: string | undefined): Promise<void> {
  if (!authorization_url) throw new Refused('a sign-in is needed, and there is no link')
  const consent = await fetch(authorization_url, { redirect: 'manual' })
  await consent.body?.cancel()
  const callback = consent.headers.get('location')
  if (!callback) throw new Refused(`the authorization server answered ${consent.status}`)
  const landed = await fetch(callback, { redirect: 'manual' })
  const said = await landed.text()
  if (landed.status !== 303) throw new Refused(`the callback answered ${landed.status} ${said}`)
}

class Door {
  #headers: Record<string, string>

  constructor(readonly stack: Stack) {
    this.#headers = { apikey: stack.publishable_key, 'content-type': 'application/json' }
  }

  async signUp(email: string): Promise<void> {
    const person = { email, password: crypto.randomUUID() }
    const { access_token } = await this.#ask<{ access_token: string }>('auth/v1/signup', person)
    this.#headers = { ...this.#headers, authorization: `Bearer ${access_token}` }
  }

  operation(
    action: string,
    input: object,
  ): Promise<{ status?: string; authorization_url?: string }> {
    return this.#ask('functions/v1/mcp-client', { action, ...input })
  }

  data<T>(path: string, method: string, body: object): Promise<T> {
    return this.#ask(`rest/v1/${path}`, body, method)
  }

  async #ask<T>(path: string, body: object, method = 'POST'): Promise<T> {
    const answer = await fetch(`${this.stack.url}/${path}`, {
      method,
      headers: this.#headers,
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Refused(`${path} answered ${answer.status} ${text.slice(0, 500)}`)
    return text === '' ? null as T : JSON.parse(text)
  }
}
