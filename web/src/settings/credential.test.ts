import { describe, expect, it } from 'vitest'
import { credential, oauthClient } from '@shared/server.ts'
import { emptyCredential, readClient, readCredential } from './credential-draft.ts'
import { emptyDraft, readServer, withAccount, withKeyMoved, withPaste } from './server-draft.ts'

const filled = {
  ...emptyCredential,
  value: 'k',
  username: 'ada',
  password: 'p',
  headers: [{ name: 'X-A', value: '1' }],
  client_id: 'astra',
  client_secret: 's',
  scope: ' read,  write ',
  acceptRisk: true,
}
const now = new Date(2026, 10, 21)

describe('a credential that is typed in', () => {
  it('is of every kind the function takes, in the shape it takes', () => {
    const kinds = credential.options.map((option) => option.shape.credential_type.value)
    for (const kind of kinds) {
      const read = readCredential({ ...filled, kind, expires: '2026-12-31' }, now)
      expect(read.problems, kind).toEqual([])
      expect(credential.parse(read.credential)).toEqual(read.credential)
      const { expires_at } = read.credential!
      expect(new Date(expires_at!).getTime(), kind)
        .toBe(new Date(2026, 11, 31, 23, 59, 59).getTime())
    }
  })

  it('has no end where none is given, and none that is over', () => {
    const typed = { ...filled, kind: 'oauth_token' as const }
    expect(readCredential(typed, now).credential).toEqual({
      credential_type: 'oauth_token',
      value: 'k',
    })
    expect(readCredential({ ...typed, expires: '2026-11-21' }, now).problems).toEqual([])
    for (const expires of ['2026-11-20', 'soon', '0000-00-00']) {
      const { credential, problems } = readCredential({ ...typed, expires }, now)
      expect(credential, expires).toBeNull()
      expect(problems.map(({ path }) => path), expires).toEqual(['credential.expires_at'])
    }
  })

  it('goes into the address only after the risk was accepted', () => {
    const typed = { ...filled, kind: 'query_key' as const }
    const { credential, problems } = readCredential({ ...typed, acceptRisk: false })
    expect([credential, problems.map(({ path }) => path)])
      .toEqual([null, ['credential.accept_risk']])
    expect(readCredential({ ...typed, parameter: 'a&b' }).problems.map(({ path }) => path))
      .toEqual(['credential.parameter'])
  })
})

describe('a client for sign-ins', () => {
  it('is left out where nothing was written, and whole where something was', () => {
    expect(readClient(emptyCredential)).toEqual({ client: null, problems: [] })
    const { client } = readClient({ ...filled, client_secret: '' })
    expect(oauthClient.parse(client)).toEqual({ client_id: 'astra', scope: 'read write' })
    expect(readClient({ ...emptyCredential, client_secret: 's' }).problems.map(({ path }) => path))
      .toEqual(['credential.client_id'])
    expect(readClient({ ...filled, scope: 'a"b' }).client).toBeNull()
  })

  it('is sent beside a new server, not as its credential', () => {
    const draft = withPaste(emptyDraft, 'https://mcp.linear.app/mcp')
    const { input } = readServer({ ...draft, credential: { ...filled, kind: 'oauth' } })
    expect(input).toEqual({
      name: 'Linear',
      server_type: 'http',
      config: { url: 'https://mcp.linear.app/mcp' },
      account: 'team',
      oauth_client: { client_id: 'astra', client_secret: 's', scope: 'read write' },
    })
  })
})

describe('a key that was pasted with its address', () => {
  it('becomes the credential once the address is whole, to be confirmed', () => {
    const typing = withPaste(emptyDraft, 'https://mcp.acme.example/mcp?api_key=s3cret&v=2')
    expect(typing.pasted).toContain('s3cret')
    const draft = withKeyMoved(typing)
    expect(draft.pasted).toBe('https://mcp.acme.example/mcp?v=2')
    expect(draft.credential).toMatchObject({
      kind: 'query_key',
      parameter: 'api_key',
      value: 's3cret',
    })
    const { input, problems } = readServer(draft)
    expect([input, problems.map(({ path }) => path)]).toEqual([null, ['credential.accept_risk']])
  })

  it('is not seen where there is none', () => {
    for (const address of ['https://a.example/mcp', 'https://a.example/?page=1&key=', 'half']) {
      const draft = withPaste(emptyDraft, address)
      expect(withKeyMoved(draft), address).toBe(draft)
    }
  })

  it('is moved out of a pasted configuration at once', () => {
    const config = { mcpServers: { a: { url: 'https://a.example/mcp?token=s3cret' } } }
    const draft = withPaste(emptyDraft, JSON.stringify(config))
    expect(JSON.stringify({ ...draft, credential: null })).not.toContain('s3cret')
    expect(draft.credential).toMatchObject({ kind: 'query_key', value: 's3cret' })
  })
})

describe('where each person has their own account', () => {
  it('nothing that was typed for the team is sent', () => {
    const draft = withPaste(emptyDraft, 'https://mcp.linear.app/mcp')
    const typed = { ...draft, credential: { ...filled, kind: 'api_key' as const } }
    const { input } = readServer(withAccount(typed, 'person'))
    expect(input).toMatchObject({ account: 'person' })
    expect(JSON.stringify(input)).not.toContain('credential')
  })
})
