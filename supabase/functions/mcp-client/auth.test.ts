import assert from 'node:assert/strict'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { promises } from '../../tests/promises.ts'
import { chooseTeam, tokenVerifier } from './auth.ts'
import type { Settings } from './env.ts'
import { AppError } from './http.ts'

const secret = 'a-secret-of-the-embedded-stack-only'
const settings = (over: Partial<Settings>): Settings => ({
  supabaseUrl: 'http://127.0.0.1:1',
  publishableKey: 'p',
  secretKey: 's',
  jwtSecret: secret,
  credentialKeys: [],
  allowedPrivateHosts: [],
  model: { provider: null, baseUrl: null, name: null, apiKey: null },
  callbackUrl: 'http://127.0.0.1:1/functions/v1/mcp-client/oauth/callback',
  clientMetadataUrl: null,
  webUrl: null,
  push: null,
  port: null,
  ...over,
})
const sub = crypto.randomUUID()
const claims = {
  sub,
  role: 'authenticated',
  aud: 'authenticated',
  iss: 'http://127.0.0.1:1/auth/v1',
}
const bytes = (text: string) => new TextEncoder().encode(text)

function sign(
  over: Record<string, unknown> = {},
  key = secret,
  header: Record<string, unknown> = {},
) {
  const exp = Math.floor(Date.now() / 1_000) + 60
  return new SignJWT({ exp, ...claims, ...over }).setProtectedHeader({ alg: 'HS256', ...header })
    .sign(bytes(key))
}

Deno.test('a token of this project names its user', async () => {
  const verify = tokenVerifier(settings({}))
  assert.equal(await verify(await sign()), sub)
})

Deno.test(promises.token_forged, async () => {
  const verify = tokenVerifier(settings({}))
  const good = await sign()
  const [head, body, signature] = good.split('.')
  const none = btoa('{"alg":"none"}').replaceAll('=', '')
  const bad: Record<string, string> = {
    'another secret': await sign({}, 'another-secret-of-the-same-length!!'),
    'expired': await sign({ exp: 1 }),
    'no expiry': await sign({ exp: undefined }),
    'no subject': await sign({ sub: undefined }),
    'subject that is no user': await sign({ sub: 'service' }),
    'another issuer': await sign({ iss: 'http://evil.example/auth/v1' }),
    'another audience': await sign({ aud: 'anon' }),
    'service role': await sign({ role: 'service_role' }),
    'anon role': await sign({ role: 'anon' }),
    'alg none': `${none}.${body}.`,
    'alg none with signature': `${none}.${body}.${signature}`,
    'tampered body': `${head}.${
      btoa(JSON.stringify({ ...claims, exp: 9e9 })).replaceAll('=', '')
    }.${signature}`,
    'truncated signature': good.slice(0, -4),
    'unknown crit': await sign({}, secret, { crit: ['x'], x: 1 }).catch(() => 'a.b.c'),
    'huge': `${head}.${'A'.repeat(1_000_000)}.${signature}`,
    'an api key': 'mcp_live_abc_def',
    'a secret key': 'sb_secret_abc',
    'not a token': '..',
  }
  for (const [what, token] of Object.entries(bad)) assert.equal(await verify(token), null, what)
})

Deno.test('a hosted project accepts its asymmetric keys and nothing signed with their public half', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...await exportJWK(publicKey), kid: 'k1', alg: 'ES256', use: 'sig' }
  const server = Deno.serve(
    { hostname: '127.0.0.1', port: 0, onListen: () => {} },
    () => Response.json({ keys: [jwk] }),
  )
  try {
    const supabaseUrl = `http://127.0.0.1:${server.addr.port}`
    const verify = tokenVerifier(settings({ supabaseUrl, jwtSecret: null }))
    const payload = {
      ...claims,
      iss: `${supabaseUrl}/auth/v1`,
      exp: Math.floor(Date.now() / 1_000) + 60,
    }
    const good = await new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(
      privateKey,
    )
    assert.equal(await verify(good), sub)
    const confused = await new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(bytes(JSON.stringify(jwk)))
    assert.equal(await verify(confused), null)
  } finally {
    await server.shutdown()
  }
})

Deno.test('a remembered token is forgotten when it expires', async () => {
  let now = Date.now()
  const verify = tokenVerifier(settings({}), () => now)
  const token = await sign({ exp: Math.floor(now / 1_000) + 60 })
  assert.equal(await verify(token), sub)
  now += 61_000
  assert.equal(await verify(token), null)
})

Deno.test('the team is the one named, else the only one, and never a guess', () => {
  const acme = { team_id: crypto.randomUUID(), team_name: 'Acme', role: 'member' as const }
  const globex = { team_id: crypto.randomUUID(), team_name: 'Globex', role: 'owner' as const }
  const code = (act: () => unknown) => {
    try {
      act()
    } catch (error) {
      return (error as AppError).code
    }
  }
  assert.equal(chooseTeam([acme]), acme)
  assert.equal(chooseTeam([acme, globex], globex.team_id.toUpperCase()), globex)
  assert.equal(code(() => chooseTeam([acme, globex])), 'team_required')
  assert.equal(code(() => chooseTeam([acme], globex.team_id)), 'not_found')
  assert.equal(code(() => chooseTeam([])), 'forbidden')
})
