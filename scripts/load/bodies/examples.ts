// A valid body for every operation, and for the chat: where mutation begins. A new operation does not
// compile without one.
import { startSubscription } from '../../../supabase/tests/upstreams/push-browser.ts'
import type { ActionName } from '../../../shared/operations.ts'

export type Places = {
  /** Called, read and synced; nothing that changes it names it. */
  server_id: string
  /** Changed, removed and put back. */
  spare_id: string
  /** Behind an authorization server. */
  sign_in_id: string
  upstream: string
  ended_id: string
  waiting_id: string
  /** A call of a member’s that waits for an admin. */
  approval_id: string
  /** An answer to the owner, and a device of theirs. */
  message_id: string
  device_id: string
  /** A secret that callers send, and that no answer may show. */
  sent: string
}

type Body = Record<string, unknown>

export function examples(places: Places): { [Name in ActionName]: Body } {
  const { server_id, spare_id, sign_in_id, upstream, ended_id, waiting_id, approval_id, sent } =
    places
  const { message_id, device_id } = places
  const name = `Added ${crypto.randomUUID()}`
  const credential = { credential_type: 'api_key', header: 'X-Key', value: sent }
  return {
    list_servers: {},
    add_server: {
      name,
      server_type: 'http',
      config: { url: upstream },
      credential,
      account: 'team',
    },
    update_server: {
      server_id: spare_id,
      name: 'Spare',
      description: 'x',
      config: { url: upstream },
    },
    remove_server: { server_id: spare_id },
    set_credential: { server_id: spare_id, credential, account: 'team' },
    set_oauth_client: {
      server_id: spare_id,
      oauth_client: { client_id: 'ours', client_secret: sent, scope: 'read write' },
    },
    connect_server: {
      server_id: sign_in_id,
      account: 'person',
      return_to: '/settings?tab=servers',
    },
    test_server: { server_id: spare_id },
    sync_tools: { server_id: spare_id },
    list_tools: { server_id },
    call_tool: {
      server_id,
      tool_name: 'echo',
      parameters: { message: 'hello' },
      idempotency_key: crypto.randomUUID(),
      mode: 'async',
    },
    set_tool_policy: {
      server_id: spare_id,
      tool_names: ['echo'],
      policy: 'ask_admin',
      allows_always: true,
      sends_out: true,
    },
    answer_approval: {
      approval_id,
      decision: 'approve',
      parameters: { message: sent },
      always: true,
    },
    answer_input: {
      execution_id: waiting_id,
      answer: 'accept',
      content: { name: 'Ada Lovelace', check: true },
    },
    cancel_execution: { execution_id: ended_id },
    continue_in_background: { execution_id: ended_id },
    stop_turn: { message_id },
    get_execution: { execution_id: ended_id },
    list_resources: { server_id },
    read_resource: { server_id, uri: 'demo://resource/static/document/features.md' },
    list_prompts: { server_id },
    get_prompt: { server_id, name: 'args-prompt', arguments: { city: 'Turin' } },
    complete: {
      server_id,
      ref: { type: 'ref/prompt', name: 'completable-prompt' },
      argument: { name: 'department', value: 'e' },
      context: {},
    },
    set_webhook: { url: upstream, is_active: true, rotate: true },
    get_webhook: {},
    test_webhook: {},
    get_model: {},
    set_model: { model: null },
    test_model: {},
    get_push: {},
    add_device: {
      ...startSubscription(`${upstream}?of=another-device`).subscription,
      label: 'Firefox on Linux',
    },
    remove_device: { device_id: ended_id },
    test_device: { device_id },
  }
}

/** What people write; the built-in router answers at once. */
export const sayings = [
  'echo hello from my phone',
  '/echo {"message":"hello"}',
  '/echo message="hello there"',
  '/get-sum a=1 b=2',
  '/echo {"message":',
  '/nothing_like_it',
  'what can you do?',
]

export function turn(text: string): Body {
  const message = { id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] }
  return { chat_id: crypto.randomUUID(), message }
}
