// What the operator chose, read once from the environment and the command line, and checked.
// Refuses what it cannot understand instead of guessing. The only reader of the stack's environment.
import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartProblem } from './problem.ts'

export type StackSettings = {
  /** The repository. */
  root: string
  /** Where data and secrets live (ASTRA_DATA). */
  folder: string
  port: number
  url: string
  /** A real PostgreSQL to use instead of the embedded database, or null. */
  databaseUrl: string | null
  demo: boolean
  dev: boolean
  /** Whether to build and serve the web app (ASTRA_WEB). */
  web: boolean
  /** Whether to ring the function's tick (ASTRA_CLOCK), or leave that to another clock. */
  clock: boolean
  /** ASTRA_ALLOWED_PRIVATE_HOSTS exactly as the operator set it, or null. */
  operatorHosts: string | null
  /** What the function alone understands, handed to it as set and unread. */
  handedOn: Record<string, string>
  /** The function's entry. Only tests point it elsewhere. */
  functionEntry: string
  /** Another Deno to run the function on, as a command: what tests use to try the hosted generation. */
  functionDeno: string[] | null
  migrationsFolder: string
}

const functionVariables = [
  ...['PROVIDER', 'BASE_URL', 'NAME', 'API_KEY', 'TAKES_IMAGES'].map((part) =>
    `ASTRA_MODEL_${part}`
  ),
  'ASTRA_CLIENT_METADATA_URL',
  'ASTRA_VAPID_KEYS',
  'ASTRA_VAPID_SUBJECT',
]

type Read = (name: string) => string | undefined

/** Reads every setting. Throws StartProblem naming the variable that is wrong. */
export function readSettings(
  args: string[],
  read: Read = (name) => Deno.env.get(name),
): StackSettings {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const port = portOf(read('ASTRA_PORT'))
  const within = (path: string) => isAbsolute(path) ? path : resolve(root, path)
  return {
    root,
    folder: within(read('ASTRA_DATA')?.trim() || '.astra'),
    port,
    url: `http://127.0.0.1:${port}`,
    databaseUrl: databaseUrlOf(read('ASTRA_DATABASE_URL')),
    demo: switchOf('ASTRA_DEMO', read),
    dev: devOf(args),
    web: switchOf('ASTRA_WEB', read),
    clock: switchOf('ASTRA_CLOCK', read),
    operatorHosts: read('ASTRA_ALLOWED_PRIVATE_HOSTS') ?? null,
    handedOn: pick(functionVariables, read),
    functionEntry: within(read('ASTRA_STACK_FUNCTION') || 'scripts/stack/function-entry.ts'),
    functionDeno: read('ASTRA_FUNCTION_DENO')?.match(/\S+/g) ?? null,
    migrationsFolder: within(read('ASTRA_STACK_MIGRATIONS') || 'supabase/migrations'),
  }
}

function portOf(value: string | undefined): number {
  const text = value?.trim()
  if (!text) return 54321
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) {
    throw new StartProblem(`ASTRA_PORT must be a port between 1 and 65535, not "${text}"`)
  }
  return port
}

function databaseUrlOf(value: string | undefined): string | null {
  const text = value?.trim()
  if (!text) return null
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    // The value may hold a password, so it is not repeated.
    throw new StartProblem(
      'ASTRA_DATABASE_URL must look like postgres://user:password@host:5432/name',
    )
  }
  return text
}

function switchOf(name: string, read: Read): boolean {
  const text = read(name)?.trim().toLowerCase() || 'on'
  if (text !== 'on' && text !== 'off') {
    throw new StartProblem(`${name} must be on or off, not "${text}"`)
  }
  return text === 'on'
}

function devOf(args: string[]): boolean {
  const unknown = args.find((arg) => arg !== '--dev')
  if (unknown !== undefined) {
    throw new StartProblem(`unknown argument ${unknown}; there is only --dev`)
  }
  return args.includes('--dev')
}

function pick(names: string[], read: Read): Record<string, string> {
  const found = names.map((name) => [name, read(name)] as const)
  return Object.fromEntries(found.filter((entry): entry is [string, string] => Boolean(entry[1])))
}
