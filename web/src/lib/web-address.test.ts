import { expect, test } from 'vitest'
import { webAddress } from './web-address.ts'

test('only a web page is followed', () => {
  expect(webAddress('https://login.example/authorize?a=1')).toBe(
    'https://login.example/authorize?a=1',
  )
  expect(webAddress('http://127.0.0.1:9/authorize')).toBe('http://127.0.0.1:9/authorize')
  for (
    const hostile of [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'java\nscript:alert(1)',
      'data:text/html,x',
      'blob:https://a.example/1',
      'file:///etc/passwd',
      'intent://x#Intent;end',
      '//elsewhere.example',
      '/here',
      '',
      'https://good.example@evil.example/',
    ]
  ) expect(webAddress(hostile), hostile).toBeNull()
})
