import assert from 'node:assert/strict'
import { StartProblem } from './problem.ts'
import { readSettings } from './settings.ts'

const from = (variables: Record<string, string>, args: string[] = []) =>
  readSettings(args, (name) => variables[name])

Deno.test('with nothing set, a stack has the demo, its own database and the default port', () => {
  const settings = from({})
  assert.equal(settings.url, 'http://127.0.0.1:54321')
  assert.match(settings.folder, /\/\.astra$/)
  assert.deepEqual(
    { ...settings, root: '', folder: '', functionEntry: '', migrationsFolder: '' },
    {
      root: '',
      folder: '',
      port: 54321,
      url: 'http://127.0.0.1:54321',
      databaseUrl: null,
      demo: true,
      dev: false,
      web: true,
      clock: true,
      operatorHosts: null,
      handedOn: {},
      functionEntry: '',
      functionDeno: null,
      migrationsFolder: '',
    },
  )
})

Deno.test('what is set to nothing counts as not set', () => {
  const settings = from({
    ASTRA_PORT: ' ',
    ASTRA_DATA: '',
    ASTRA_DATABASE_URL: '',
    ASTRA_DEMO: '',
    ASTRA_FUNCTION_DENO: '',
  })
  assert.equal(settings.port, 54321)
  assert.equal(settings.databaseUrl, null)
  assert.equal(settings.demo, true)
  assert.equal(settings.functionDeno, null)
})

Deno.test('private hosts set to nothing are a choice, not an absence', () => {
  assert.equal(from({ ASTRA_ALLOWED_PRIVATE_HOSTS: '' }).operatorHosts, '')
})

Deno.test('the function’s own variables are handed on as they are, and no others', () => {
  const own = {
    ASTRA_MODEL_PROVIDER: 'anthropic',
    ASTRA_MODEL_API_KEY: 'sk-1',
    ASTRA_CLIENT_METADATA_URL: 'https://app.example/client.json',
  }
  assert.deepEqual(from({ ...own, ASTRA_MODEL_OTHER: 'x', OPENAI_API_KEY: 'y' }).handedOn, own)
})

for (
  const [name, value] of [['ASTRA_DEMO', 'maybe'], ['ASTRA_WEB', '1'], [
    'ASTRA_PORT',
    '70000',
  ]] as const
) {
  Deno.test(`${name}=${value} is refused by name`, () => {
    assert.throws(
      () => from({ [name]: value }),
      (thrown) => thrown instanceof StartProblem && thrown.message.includes(name),
    )
  })
}

Deno.test('an argument nobody knows is refused', () => {
  assert.throws(() => from({}, ['--develop']), /unknown argument --develop/)
  assert.equal(from({}, ['--dev']).dev, true)
})
