import assert from 'node:assert/strict'
import { isPublic, judgeAddress } from './address.ts'

/** Address literals in every spelling an attacker has tried, as the host part of a URL. */
export const privateLiterals = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0x0.0x0.0x1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '127.255.255.254',
  '0',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.254',
  '192.168.0.1',
  '3232235777',
  '0xc0a80101',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '169.254.170.2',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.255',
  '168.63.129.16',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '１２７.０.０.１',
  '127。0。0。1',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[::ffff:169.254.169.254]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::10.0.0.1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:7f00:1::]',
  '[2001::1]',
  '[2001:db8::1]',
  '[100::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fdff:ffff::1]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[5f00::1]',
  '[ff02::1]',
  '[3fff::1]',
]

export const privateNames = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'app.localhost',
  'printer.local',
  'printer.local.',
  'metadata.google.internal',
  'db.internal',
  'intranet',
  'redis',
  'kubernetes.default',
  'router.lan',
  'nas.home',
  'box.home.arpa',
  'mail.corp',
  'wiki.intranet',
  'host.localdomain',
  'x.private',
  'hidden.onion',
  'acme.test',
  'nowhere.invalid',
]

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
