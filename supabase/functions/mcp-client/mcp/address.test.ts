import assert from 'node:assert/strict'
import { privateLiterals, privateNames } from '../../../tests/upstreams/addresses.ts'
import { isPublic, judgeAddress } from './address.ts'

Deno.test('every private, reserved or embedded address literal is refused', () => {
  for (const host of privateLiterals) {
    const verdict = judgeAddress(`https://${host}/mcp`, [])
    assert.equal(verdict.allowed, false, host)
  }
})

Deno.test('every private name is refused', () => {
  for (const host of privateNames) {
    // `kubernetes.default` looks public in text: its refusal is the resolver’s.
    if (host === 'kubernetes.default') continue
    const verdict = judgeAddress(`https://${host}/mcp`, [])
    assert.equal(verdict.allowed ? 'allowed' : verdict.reason, 'private_name', host)
  }
})

Deno.test('public https addresses are allowed', () => {
  for (const host of ['mcp.example.com', '8.8.8.8', '[2606:4700:4700::1111]', 'EXAMPLE.com.']) {
    assert.equal(judgeAddress(`https://${host}/mcp?x=1`, []).allowed, true, host)
  }
})

Deno.test('other schemes, user names and other ports are refused with their reason', () => {
  const cases: [string, string][] = [
    ['http://mcp.example.com/', 'not_https'],
    ['file:///etc/passwd', 'not_https'],
    ['gopher://mcp.example.com/', 'not_https'],
    ['javascript:alert(1)', 'not_https'],
    ['https://user@mcp.example.com/', 'userinfo'],
    ['https://user:pass@mcp.example.com/', 'userinfo'],
    ['https://mcp.example.com@127.0.0.1/', 'userinfo'],
    ['https://mcp.example.com:8443/', 'port'],
    ['not an address', 'not_a_url'],
    ['', 'not_a_url'],
  ]
  for (const [address, reason] of cases) {
    const verdict = judgeAddress(address, [])
    assert.equal(verdict.allowed ? 'allowed' : verdict.reason, reason, address)
  }
})

Deno.test('a listed host and port is allowed over http, another port of it is not', () => {
  const listed = ['127.0.0.1:3001', 'Tools.Internal', '[::1]:9000', 'mcp.example.com:8443']
  assert.equal(judgeAddress('http://127.0.0.1:3001/mcp', listed).allowed, true)
  assert.equal(judgeAddress('http://2130706433:3001/mcp', listed).allowed, true)
  assert.equal(judgeAddress('http://tools.internal:81/mcp', listed).allowed, true)
  assert.equal(judgeAddress('http://[::1]:9000/mcp', listed).allowed, true)
  assert.equal(judgeAddress('https://mcp.example.com:8443/', listed).allowed, true)
  assert.equal(judgeAddress('http://127.0.0.1:3002/mcp', listed).allowed, false)
  assert.equal(judgeAddress('http://127.0.0.1/mcp', listed).allowed, false)
  assert.equal(judgeAddress('http://user@127.0.0.1:3001/mcp', listed).allowed, false)
  assert.equal(judgeAddress('ftp://tools.internal/', listed).allowed, false)
})

Deno.test('text that is no address is not public', () => {
  for (const text of ['', 'example.com', '999.1.1.1', '::gg']) assert.equal(isPublic(text), false)
})
