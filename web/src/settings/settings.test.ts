import { describe, expect, it } from 'vitest'
import { credentialOf, emptyCredential, readCredential } from './credential-draft.ts'
import { readPaste } from './server-source.ts'
import { placeOf, stateOf } from './server-state.ts'

describe('what is pasted to add a server', () => {
  it('may be an address, which names the server and tells its type', () => {
    for (
      const [pasted, name, kind, url] of [
        ['https://mcp.linear.app/mcp', 'Linear', 'http', 'https://mcp.linear.app/mcp'],
        [' https://mcp.linear.app/sse ', 'Linear', 'sse', 'https://mcp.linear.app/sse'],
        [
          'docs.my-company.example/mcp',
          'My company',
          'http',
          'https://docs.my-company.example/mcp',
        ],
        ['http://127.0.0.1:3001/mcp', '127.0.0.1:3001', 'http', 'http://127.0.0.1:3001/mcp'],
        ['https://mcp.io', 'Mcp', 'http', 'https://mcp.io/'],
      ]
    ) {
      const source = readPaste(pasted!)
      expect([source?.name.toLowerCase(), source?.kind, source?.url], pasted)
        .toEqual([name!.toLowerCase(), kind, url])
    }
  })

  it('may be the configuration of another program', () => {
    const config = {
      mcpServers: {
        github: { url: 'https://api.example.com/mcp', headers: { Authorization: 'Bearer abc' } },
        memory: { command: 'npx', args: ['-y', 'server-memory'] },
      },
    }
    expect(readPaste(JSON.stringify(config))).toMatchObject({
      name: 'Github',
      kind: 'http',
      url: 'https://api.example.com/mcp',
      headers: { Authorization: 'Bearer abc' },
      others: 1,
    })
    const { memory } = config.mcpServers
    expect(readPaste(JSON.stringify({ mcpServers: { memory } }))).toMatchObject({
      name: 'Memory',
      kind: 'stdio',
      command: 'npx',
      args: ['-y', 'server-memory'],
    })
  })

  it('is nothing while it is half typed or something else', () => {
    for (
      const text of [
        '',
        'hello',
        'two words',
        '{',
        '{}',
        '[1]',
        '{"mcpServers":{"a":3}}',
        'javascript:alert(1)',
      ]
    ) {
      expect(readPaste(text), text).toBeNull()
    }
  })
})

describe('a credential', () => {
  it('is sent in the shape of its kind', () => {
    const draft = { ...emptyCredential, value: ' Bearer abc ', username: 'ada', password: ' p ' }
    expect(readCredential({ ...draft, kind: 'none' }).credential).toBeNull()
    expect(readCredential({ ...draft, kind: 'oauth_token' }).credential)
      .toEqual({ credential_type: 'oauth_token', value: 'abc' })
    expect(readCredential({ ...draft, kind: 'basic_auth' }).credential)
      .toEqual({ credential_type: 'basic_auth', username: 'ada', password: ' p ' })
    expect(
      readCredential({ ...draft, kind: 'custom', headers: [{ name: ' X-A ', value: '1' }] })
        .credential,
    )
      .toEqual({ credential_type: 'custom', headers: { 'X-A': '1' } })
  })

  it('is not sent while something is missing or wrong, and says where', () => {
    const paths = (draft: Partial<typeof emptyCredential>) => {
      const { credential, problems } = readCredential({ ...emptyCredential, ...draft })
      expect(credential).toBeNull()
      return problems.map(({ path }) => path)
    }
    expect(paths({ kind: 'api_key', header: 'bad name' })).toEqual([
      'credential.header',
      'credential.value',
    ])
    expect(paths({ kind: 'basic_auth', username: 'a:b', password: 'x' })).toEqual([
      'credential.username',
    ])
    expect(paths({ kind: 'custom' })).toEqual(['credential.headers.0.name'])
    const twice = [{ name: 'X-A', value: '1' }, { name: 'x-a', value: '2' }]
    expect(paths({ kind: 'custom', headers: twice })).toEqual(['credential.headers.1.name'])
  })

  it('is recognised in pasted headers', () => {
    expect(credentialOf({ authorization: 'bearer abc' })).toMatchObject({
      kind: 'oauth_token',
      value: 'abc',
    })
    expect(credentialOf({ 'X-Key': 'k' })).toMatchObject({
      kind: 'api_key',
      header: 'X-Key',
      value: 'k',
    })
    expect(credentialOf({ a: '1', b: '2' }).kind).toBe('custom')
    expect(credentialOf({}).kind).toBe('none')
  })
})

describe('the state of a server', () => {
  const server = {
    is_active: true,
    connection_status: 'error' as const,
    last_error: 'It said no.',
    server_type: 'http' as const,
  }

  it('is its last failure, in the words of that failure', () => {
    expect(stateOf(server)).toEqual({ tone: 'bad', word: 'Not working', sentence: 'It said no.' })
  })

  it('is switched off before anything else', () => {
    expect(stateOf({ ...server, is_active: false }).word).toBe('Switched off')
  })

  it('has a place that fits on one line', () => {
    expect(placeOf({ config: { url: 'https://a.example/mcp?key=1' } })).toBe('a.example')
    expect(placeOf({ config: { command: 'npx', args: ['-y', 'x'] } })).toBe('npx -y x')
    expect(placeOf({ config: {} })).toBe('')
  })
})
