import assert from 'node:assert/strict'
import { join } from 'node:path'
import { filePath, serveFolder } from './static-files.ts'

const folder = await Deno.makeTempDir()
await Deno.mkdir(join(folder, 'assets'))
for (
  const [name, text] of Object.entries({
    'index.html': '<!doctype html>shell',
    'sw.js': 'worker()',
    'manifest.webmanifest': '{}',
    'assets/main-a1b2c3.js': 'main()',
    '.secret': 'hidden',
  })
) await Deno.writeTextFile(join(folder, name), text)
await Deno.writeTextFile(`${folder}-outside.txt`, 'outside')
const serve = serveFolder(folder)
globalThis.addEventListener('unload', () => {
  Deno.removeSync(folder, { recursive: true })
  Deno.removeSync(`${folder}-outside.txt`)
})

async function get(path: string, init: RequestInit = {}) {
  const request = new Request(`http://127.0.0.1:1${path}`, init)
  const answer = await serve(request, new URL(request.url))
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

Deno.test('files have their type, and only content-named ones are kept for good', async () => {
  const main = await get('/assets/main-a1b2c3.js')
  assert.equal(main.text, 'main()')
  assert.equal(main.headers.get('content-type'), 'text/javascript; charset=utf-8')
  assert.equal(main.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  for (const path of ['/', '/index.html', '/sw.js', '/manifest.webmanifest']) {
    assert.equal((await get(path)).headers.get('cache-control'), 'no-cache', path)
  }
  assert.equal(
    (await get('/manifest.webmanifest')).headers.get('content-type'),
    'application/manifest+json; charset=utf-8',
  )
})

Deno.test('text is packed for whoever takes that, under a tag of its own, and is the same text', async () => {
  const path = '/assets/main-a1b2c3.js'
  const plain = await get(path)
  assert.equal(plain.headers.get('content-encoding'), null)
  const asked = new Request(`http://127.0.0.1:1${path}`, {
    headers: { 'accept-encoding': 'br, gzip' },
  })
  const packed = await serve(asked, new URL(asked.url))
  assert.equal(packed.headers.get('content-encoding'), 'gzip')
  assert.equal(packed.headers.get('vary'), 'accept-encoding')
  assert.notEqual(packed.headers.get('etag'), plain.headers.get('etag'))
  const text = new Response(packed.body!.pipeThrough(new DecompressionStream('gzip')))
  assert.equal(await text.text(), 'main()')
})

Deno.test('any other path is the shell, but a missing script is not', async () => {
  for (const path of ['/', '/chat', '/settings/servers', '/chat/?tab=1']) {
    const { status, text, headers } = await get(path)
    assert.deepEqual([status, text], [200, '<!doctype html>shell'], path)
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
  }
  assert.equal((await get('/assets/gone-ffffff.js')).status, 404)
  assert.equal((await get('/robots.txt')).status, 404)
})

Deno.test('nothing outside the folder and nothing hidden is served', async () => {
  const outside = `${folder.split('/').at(-1)}-outside.txt`
  for (
    const path of [
      `/..%2f${outside}`,
      `/%2e%2e/${outside}`,
      `/assets/..%2f..%2f${outside}`,
      '/.secret',
      '/%2esecret',
      '/a%00.js',
      '/a%5c..%5cb.js',
      '/%zz',
    ]
  ) {
    const { status, text } = await get(path)
    assert.ok(status === 400 || status === 404 || text === '<!doctype html>shell', path)
    assert.doesNotMatch(text, /outside|hidden/, path)
  }
  assert.equal(filePath('/..%2f..%2fetc/passwd'), null)
  assert.equal(filePath('/a//b.js'), 'a/b.js')
})

Deno.test('a page lets in no foreign script, frame or connection', async () => {
  const policy = (await get('/')).headers.get('content-security-policy') ?? ''
  const rules = new Map(
    policy.split('; ').map((rule) => [rule.split(' ')[0]!, rule.split(' ').slice(1).join(' ')]),
  )
  assert.equal(rules.get('default-src'), "'none'")
  assert.equal(rules.get('script-src'), "'self'")
  assert.equal(rules.get('connect-src'), "'self'")
  assert.equal(rules.get('frame-ancestors'), "'none'")
  assert.equal(rules.get('base-uri'), "'none'")
  assert.doesNotMatch(policy, /https?:|unsafe-eval|\*/)
})

Deno.test('an unchanged file is not sent again', async () => {
  const first = await get('/sw.js')
  const again = await get('/sw.js', { headers: { 'if-none-match': first.headers.get('etag')! } })
  assert.deepEqual([again.status, again.text], [304, ''])
  await Deno.writeTextFile(join(folder, 'sw.js'), 'worker(2)')
  assert.equal(
    (await get('/sw.js', { headers: { 'if-none-match': first.headers.get('etag')! } })).status,
    200,
  )
})

Deno.test('only reading is allowed', async () => {
  assert.equal((await get('/', { method: 'POST' })).status, 405)
  const head = await get('/', { method: 'HEAD' })
  assert.deepEqual([head.status, head.text], [200, ''])
})

Deno.test('without a build the site says so', async () => {
  const answer = await serveFolder('/nowhere')(new Request('http://x/'), new URL('http://x/'))
  assert.equal(answer.status, 503)
  assert.match(await answer.text(), /not built/)
})
