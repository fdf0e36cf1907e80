import { expect, test } from 'vitest'
import { fill, gapsOf } from './uri-template.ts'

const values = {
  var: 'value',
  hello: 'Hello World!',
  path: '/foo/bar',
  x: '1024',
  y: '768',
  empty: '',
}

test('filled as RFC 6570 shows it', () => {
  const examples: [string, string][] = [
    ['{var}', 'value'],
    ['{hello}', 'Hello%20World%21'],
    ['{+hello}', 'Hello%20World!'],
    ['{+path}/here', '/foo/bar/here'],
    ['{#hello}', '#Hello%20World!'],
    ['map?{x,y}', 'map?1024,768'],
    ['X{.var}', 'X.value'],
    ['{/var,x}/here', '/value/1024/here'],
    ['{;x,y}', ';x=1024;y=768'],
    ['{?x,y,empty,none}', '?x=1024&y=768'],
    ['?fixed=yes{&x}', '?fixed=yes&x=1024'],
    ['{var:3}', 'val'],
    ['{?none}', ''],
    ['demo://resource/dynamic/text/{x}', 'demo://resource/dynamic/text/1024'],
  ]
  for (const [template, address] of examples) expect(fill(template, values), template).toBe(address)
})

test('a value cannot leave its gap, and a name of every object is no value', () => {
  expect(fill('demo://note/{id}', { id: '../secret?x=1#y' })).toBe(
    'demo://note/..%2Fsecret%3Fx%3D1%23y',
  )
  expect(fill('demo://{constructor}/{__proto__}', {})).toBe('demo:///')
  expect(fill('demo://{id}', { id: '\ud800' })).toBe('demo://%EF%BF%BD')
})

test('the gaps are named once each, and what is no template has none', () => {
  expect(gapsOf('a/{x}{?x,y*}{&z:4}')).toEqual(['x', 'y', 'z'])
  for (const odd of ['demo://plain', '{}', '{{x', '{', '{?}']) expect(gapsOf(odd), odd).toEqual([])
  expect(gapsOf('{a}'.repeat(10) + '{b1}{b2}'.repeat(200)).length).toBeLessThanOrEqual(32)
})
