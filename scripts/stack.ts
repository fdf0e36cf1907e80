// `npm start`: the whole of Astra on one machine and one origin, until it is told to stop.
import { demoEmails, demoPassword } from './stack/demo.ts'
import { whenStarterEnds } from './stack/parent.ts'
import { reasonOf } from './stack/problem.ts'
import { runStack } from './stack/run.ts'
import { readSettings, type StackSettings } from './stack/settings.ts'

const encoder = new TextEncoder()
const say = (line: string) => void Deno.stdout.writeSync(encoder.encode(`${line}\n`))
const complain = (line: string) => void Deno.stderr.writeSync(encoder.encode(`${line}\n`))

// Whatever this process and its children write is private to its owner.
Deno.umask(0o077)

const stop = new AbortController()
const stopped = new Promise<void>((resolve) =>
  stop.signal.addEventListener('abort', () => resolve())
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  Deno.addSignalListener(signal, () => stop.abort(new Error(`stopped by ${signal}`)))
}
void whenStarterEnds(() => stop.abort(new Error('stopped with what started it')))

try {
  const settings = readSettings(Deno.args)
  const stack = await runStack(settings, { say, stop: stop.signal })
  welcome(settings)
  await stopped
  await stack.disposeAsync()
  Deno.exit(0)
} catch (thrown) {
  complain(`Astra did not start: ${reasonOf(thrown).split('\n')[0]}`)
  Deno.exit(1)
}

function welcome({ url, demo }: StackSettings): void {
  say(`Astra is ready at ${url}`)
  if (demo) say(`Sign in as ${demoEmails.join(', ')}; the password is ${demoPassword}`)
  else say('Sign up there to begin')
}
