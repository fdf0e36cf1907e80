// `npm run rotate-keys`: everything that is sealed moves under a new key, while Astra runs.
// Here it makes the key and hands it to the running stack; with SUPABASE_URL and SUPABASE_SECRET_KEY set it
// moves what a hosted project has sealed, whose keys only its operator can set.
import { z } from 'zod'
import { holdFolder, kept } from './stack/folder.ts'
import { newKeysSignal } from './stack/keys.ts'
import { reasonOf } from './stack/problem.ts'
import { addKey, dropOldKeys, keepSecrets, newestOf } from './stack/secrets.ts'
import { readSettings } from './stack/settings.ts'
import { readState } from './stack/state.ts'

const answer = z.object({
  keys: z.array(z.number()).min(1),
  resealed: z.number(),
  unreadable: z.number(),
  left: z.number(),
})
type Answer = z.infer<typeof answer>
type Door = { url: string; secretKey: string }

const DROP = '--drop-old'
/** A token under renewal is left alone for up to a minute; longer than this nothing is waited for. */
const STUCK_AFTER_MS = 90_000
const TAKEN_UP_WITHIN_MS = 15_000

const pause = () => new Promise((resolve) => setTimeout(resolve, 1_000))

/** One request to the door that reseals. */
async function ask({ url, secretKey }: Door): Promise<Answer> {
  const response = await fetch(`${url}/reseal`, {
    method: 'POST',
    headers: { apikey: secretKey },
    redirect: 'error',
    signal: AbortSignal.timeout(150_000),
  })
  const text = await response.text()
  if (response.ok) return answer.parse(JSON.parse(text))
  throw new Error(`${url}/reseal answered ${response.status}: ${text.slice(0, 200)}`)
}

/** Asks until nothing is left, and says what was done. Throws when it stops getting anywhere. */
async function resealAll(door: Door, first: Answer): Promise<Answer> {
  let resealed = 0
  let moved = performance.now()
  for (let told = first;; told = await ask(door)) {
    resealed += told.resealed
    const { unreadable, left, keys } = told
    console.log(`Key ${keys[0]}: ${resealed} resealed, ${unreadable} unreadable, ${left} left`)
    if (left === 0) return told
    if (told.resealed > 0) moved = performance.now()
    else if (performance.now() - moved > STUCK_AFTER_MS) {
      throw new Error('the rest keeps changing; run this again in a while')
    } else await pause()
  }
}

function sayUnreadable({ unreadable }: Answer): void {
  if (unreadable === 0) return
  console.log('What is unreadable opened with no key before either: it has to be entered again.')
}

/** Signals the stack until its function has these keys; gives the answer that says so. */
async function takenUp(
  { door, pid }: { door: Door; pid: number },
  has: (keys: number[]) => boolean,
): Promise<Answer> {
  const began = performance.now()
  do {
    Deno.kill(pid, newKeysSignal)
    for (let look = 0; look < 10; look++) {
      const told = await ask(door)
      if (has(told.keys)) return told
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  } while (performance.now() - began < TAKEN_UP_WITHIN_MS)
  throw new Error('the running stack did not take up the keys: start it anew, then run this again')
}

async function rotateHere(dropOld: boolean): Promise<void> {
  const { folder } = readSettings([])
  const state = await readState(folder)
  if ('missing' in state) throw new Error(`${state.missing}; start it first`)
  const hold = await holdFolder(folder, kept.rotation)
  if (!hold) throw new Error('another rotation is under way')
  const running = {
    door: { url: state.function_url, secretKey: state.secret_key },
    pid: state.pids.stack,
  }
  if (dropOld) return await dropHere(folder, running)
  const version = await addKey(folder)
  const first = await takenUp(running, (keys) => keys[0] === version)
  sayUnreadable(await resealAll(running.door, first))
  console.log(`Older keys still open. To forget them: npm run rotate-keys -- ${DROP}`)
}

async function dropHere(folder: string, running: { door: Door; pid: number }): Promise<void> {
  const { version } = newestOf((await keepSecrets(folder)).credential_keys)
  const first = await takenUp(running, (keys) => keys[0] === version)
  sayUnreadable(await resealAll(running.door, first))
  await dropOldKeys(folder)
  await takenUp(running, (keys) => keys.length === 1)
  console.log(`Only key ${version} is left`)
}

async function rotateHosted(projectUrl: string, secretKey: string): Promise<void> {
  const { protocol, hostname } = new URL(projectUrl)
  if (protocol !== 'https:' && hostname !== '127.0.0.1') {
    throw new Error('SUPABASE_URL must be https: the secret key travels there')
  }
  const url = `${projectUrl.replace(/\/+$/, '')}/functions/v1/mcp-client`
  const door = { url, secretKey }
  const done = await resealAll(door, await ask(door))
  sayUnreadable(done)
  const [newest, ...older] = done.keys
  if (older.length === 0) {
    console.log(
      `There is only key ${newest}. First add one; the new value is shown, to be kept:\n` +
        `  NEW="${newest! + 1}:$(openssl rand -base64 32)"; echo "$NEW"\n` +
        '  npx supabase secrets set ASTRA_CREDENTIAL_KEYS="<present value>,$NEW"\n' +
        'Then wait ten minutes and run this again.',
    )
    return
  }
  console.log(
    `Everything is under key ${newest}. To forget key ${
      older.join(', ')
    }, keep key ${newest} alone:\n` +
      `  npx supabase secrets set ASTRA_CREDENTIAL_KEYS="${newest}:<its 44 characters>"`,
  )
}

try {
  const unknown = Deno.args.find((arg) => arg !== DROP)
  if (unknown !== undefined) throw new Error(`unknown argument ${unknown}; there is only ${DROP}`)
  const dropOld = Deno.args.includes(DROP)
  const [projectUrl, secretKey] = ['SUPABASE_URL', 'SUPABASE_SECRET_KEY'].map((name) =>
    Deno.env.get(name)?.trim()
  )
  if (projectUrl && secretKey) {
    if (dropOld) {
      throw new Error(`${DROP} is for the stack: a hosted project's keys are its secrets`)
    }
    await rotateHosted(projectUrl, secretKey)
  } else await rotateHere(dropOld)
  // What was held ends with the process.
  Deno.exit(0)
} catch (thrown) {
  console.error(`The keys were not rotated: ${reasonOf(thrown)}`)
  Deno.exit(1)
}
