// The small decisions of the stack.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { holdFolder, prepareFolder, readKept, writePrivate } from './folder.ts'
import { allowedHosts } from './function-child.ts'
import { correctSessions } from './lite-session.ts'
import { openLog } from './log-file.ts'
import { isWrapper } from './parent.ts'
import { keepSecrets } from './secrets.ts'
import { choosePorts, upstreams } from './upstreams.ts'

Deno.test('private hosts are what the operator listed and the demo’s own upstreams, no more', () => {
  assert.equal(allowedHosts(null, ['127.0.0.1:1', '127.0.0.1:2']), '127.0.0.1:1,127.0.0.1:2')
  assert.equal(
    allowedHosts('intranet, 10.0.0.8:80', ['127.0.0.1:1']),
    'intranet,10.0.0.8:80,127.0.0.1:1',
  )
  assert.equal(allowedHosts('', []), '')
  assert.equal(allowedHosts(null, []), '')
})

Deno.test('a lite without the corrected seams is not run', () => {
  assert.throws(() => correctSessions({}), /no longer has ensureRlsContext/)
})

Deno.test('a Node process that runs Deno is recognised, a shell or npm is not', () => {
  assert.ok(isWrapper('node /srv/astra/node_modules/.bin/deno run -A scripts/stack.ts'))
  assert.ok(isWrapper('/usr/bin/node /srv/astra/node_modules/deno/bin.cjs run -A scripts/stack.ts'))
  for (
    const other of [
      'npm start',
      'sh -c deno run -A scripts/stack.ts',
      '/bin/bash',
      'node /usr/bin/npm start',
      '',
    ]
  ) {
    assert.ok(!isWrapper(other), other)
  }
})

Deno.test('upstreams keep their ports unless those are taken', () => {
  const first = choosePorts({})
  assert.deepEqual(choosePorts(first), first)
  const taken = Deno.listen({ hostname: '127.0.0.1', port: first['everything-http'] })
  const second = choosePorts(first)
  taken.close()
  assert.notEqual(second['everything-http'], first['everything-http'])
  assert.equal(second['everything-sse'], first['everything-sse'])
  assert.equal(new Set(upstreams.map(({ child }) => second[child])).size, upstreams.length)
})

Deno.test('secrets are made once and are never the same twice', async () => {
  const [one, two] = await Promise.all([Deno.makeTempDir(), Deno.makeTempDir()])
  const made = await keepSecrets(one)
  assert.deepEqual(await keepSecrets(one), made)
  const others = await keepSecrets(two)
  for (const name of Object.keys(made) as (keyof typeof made)[]) {
    assert.notEqual(made[name], others[name], name)
  }
  assert.match(made.credential_keys, /^1:[A-Za-z0-9+/]{43}=$/)
  await Promise.all([one, two].map((folder) => Deno.remove(folder, { recursive: true })))
})

Deno.test('a folder is held by one at a time', async () => {
  const folder = await Deno.makeTempDir()
  await prepareFolder(folder)
  const first = await holdFolder(folder)
  assert.ok(first)
  assert.equal(await holdFolder(folder), null)
  first.release()
  const second = await holdFolder(folder)
  assert.ok(second)
  second.release()
  await Deno.remove(folder, { recursive: true })
})

Deno.test('a private file is replaced whole', async () => {
  const folder = await Deno.makeTempDir()
  const path = join(folder, 'kept.json')
  await writePrivate(path, '{"n":1}')
  await writePrivate(path, '{"n":2}')
  assert.deepEqual(await readKept(path), { n: 2 })
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600)
  assert.deepEqual(await Array.fromAsync(Deno.readDir(folder), ({ name }) => name), ['kept.json'])
  await Deno.remove(folder, { recursive: true })
})

Deno.test('a log that is full starts over instead of growing', async () => {
  const folder = await Deno.makeTempDir()
  await prepareFolder(folder)
  const log = openLog(folder, 'noisy')
  const part = new Uint8Array(3_000_000).fill(65)
  for (let n = 0; n < 4; n++) log.write(part)
  log.write('last')
  log.close()
  const { size } = await Deno.stat(join(folder, 'logs/noisy.log'))
  assert.equal(size, 6_000_004)
  await Deno.remove(folder, { recursive: true })
})
