import { describe, expect, it } from 'vitest'
import { credentialOf, emptyCredential, readCredential } from './credential-draft.ts'
import { grantable, removable } from './member-roles.ts'
import { emptyDraft, readServer, withPaste } from './server-draft.ts'
import { readPaste } from './server-source.ts'
import { placeOf, stateOf } from './server-state.ts'
import { claims, matching, timeouts } from './tool-rules.ts'

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
    last_connected_at: '2026-11-21T04:00:00Z',
    health: 'unknown' as const,
    health_error: null,
  }

  it('is unknown again once its address or account has changed', () => {
    const changed = { ...server, connection_status: 'pending' as const, last_error: null }
    expect(stateOf(changed).word).toBe('Not tried since')
    expect(stateOf({ ...changed, last_connected_at: null }).word).toBe('Not tried yet')
  })

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

describe('a server while it is added', () => {
  const config = {
    mcpServers: {
      docs: { url: 'https://docs.example.com/mcp', headers: { Authorization: 'Bearer s3cret' } },
    },
  }

  it('moves a pasted secret into the credential and leaves only the address on the screen', () => {
    const draft = withPaste(emptyDraft, JSON.stringify(config))
    expect(draft.pasted).toBe('https://docs.example.com/mcp')
    expect(readServer(draft).input).toEqual({
      name: 'Docs',
      account: 'team',
      server_type: 'http',
      config: { url: 'https://docs.example.com/mcp' },
      credential: { credential_type: 'oauth_token', value: 's3cret' },
    })
  })

  it('keeps the name a person wrote', () => {
    const draft = { ...emptyDraft, name: 'Mine', named: true }
    expect(withPaste(draft, 'https://mcp.linear.app/mcp').name).toBe('Mine')
  })

  it('is not sent without a name and an address', () => {
    const { input, problems } = readServer(emptyDraft)
    expect([input, problems.map(({ path }) => path)]).toEqual([null, ['name', 'config.url']])
  })

  it('of the command kind sends its environment apart, line by line', () => {
    const draft = {
      ...emptyDraft,
      kind: 'stdio' as const,
      name: 'M',
      command: 'npx',
      args: '-y\n\n@x/y',
      env: 'A=1\nB=2=3',
    }
    expect(readServer(draft).input?.config)
      .toEqual({ command: 'npx', args: ['-y', '@x/y'], env: { A: '1', B: '2=3' } })
    expect(readServer({ ...draft, env: '=1' }).problems).toHaveLength(1)
  })
})

describe('who may change whom', () => {
  const person = (user_id: string, role: 'owner' | 'admin' | 'member' | 'analyst') => ({
    user_id,
    role,
  })
  const [owner, second, admin, other, member] = [
    person('o', 'owner'),
    person('o2', 'owner'),
    person('a', 'admin'),
    person('a2', 'admin'),
    person('m', 'member'),
  ]
  const all = [owner, admin, other, member]

  it('is the same as the database says', () => {
    expect(grantable(owner, admin, all)).toEqual(['owner', 'admin', 'member', 'analyst'])
    expect(grantable(admin, member, all)).toEqual(['member', 'analyst'])
    for (const them of [owner, admin, other]) expect(grantable(admin, them, all)).toEqual([])
    for (const them of all) expect(grantable(member, them, all)).toEqual([])
  })

  it('never leaves a team without an owner', () => {
    expect([grantable(owner, owner, all), removable(owner, owner, all)]).toEqual([[], false])
    expect(removable(owner, owner, [...all, second])).toBe(true)
    expect(removable(member, member, all)).toBe(true)
    expect(removable(member, admin, all)).toBe(false)
  })
})

describe('the tools of a server', () => {
  const tool = {
    id: '1',
    server_id: 's',
    tool_name: 'create_issue',
    title: null,
    description: 'Opens a ticket in the tracker',
    annotations: null,
    is_enabled: true,
    policy: 'ask' as const,
    timeout_seconds: 45,
    synced_at: '',
    definition_hash: '',
    account: null,
    allows_always: false,
    is_idempotent: false,
    cache_seconds: null,
    rate_limit: null,
    sends_out: true,
  }

  it('are found by words in any order, anywhere in what is said about them', () => {
    expect(matching([tool], 'tracker ISSUE')).toHaveLength(1)
    expect(matching([tool], 'tracker pull')).toHaveLength(0)
  })

  it('keep a waiting time that is not among the usual ones', () => {
    expect(timeouts(45)).toContain(45)
  })

  it('claim nothing where the server says nothing', () => {
    expect(claims(null)).toEqual([])
    expect(claims({ readOnlyHint: 'yes', destructiveHint: true })).toEqual([
      'may delete or overwrite',
    ])
  })
})
