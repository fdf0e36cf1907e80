// How the function runs beside the stack: a Deno process that may do what a hosted function may, and
// sees only its own variables. It reads its own code and no other file, writes nothing, starts nothing.
import { join } from 'node:path'
import type { Launch } from './child.ts'
import { freePort } from './ports.ts'
import type { Secrets } from './secrets.ts'
import type { StackSettings } from './settings.ts'

export type FunctionAddress = { port: number | null }

type Given = {
  settings: StackSettings
  secrets: Secrets
  /** `host:port` entries of the stack's own demo upstreams. */
  demoHosts: string[]
  /** Where the current process listens: filled in at each launch. */
  address: FunctionAddress
}

/** The command for one run of the function, on a port of its own. */
export function launchFunction({ settings, secrets, demoHosts, address }: Given): Launch {
  address.port = freePort()
  const variables = {
    SUPABASE_URL: settings.url,
    SUPABASE_PUBLISHABLE_KEY: secrets.publishable_key,
    SUPABASE_SECRET_KEY: secrets.secret_key,
    ASTRA_JWT_SECRET: secrets.jwt_secret,
    ASTRA_CREDENTIAL_KEYS: secrets.credential_keys,
    ASTRA_KEY_PEPPER: secrets.pepper,
    ASTRA_VAPID_KEYS: secrets.vapid_keys,
    ASTRA_ALLOWED_PRIVATE_HOSTS: allowedHosts(settings.operatorHosts, demoHosts),
    ASTRA_FUNCTION_PORT: String(address.port),
    ...settings.handedOn,
  }
  const [command, ...before] = settings.functionDeno ?? [Deno.execPath()]
  return {
    command: command!,
    args: [
      ...before,
      'run',
      '--no-prompt',
      '--allow-net',
      '--allow-sys=hostname',
      `--allow-read=${code.map((path) => join(settings.root, path)).join(',')}`,
      ...environmentRights(Object.keys(variables), settings.functionDeno !== null),
      settings.functionEntry,
    ],
    env: { ...variables, ...cacheOf() },
    cwd: settings.root,
  }
}

/** What it may read: itself, for the parts of it that are loaded when first needed. */
const code = ['supabase/functions/mcp-client', 'shared', 'node_modules']

/**
 * Libraries ask for many variables: they find none, instead of failing. An older Deno cannot say that,
 * so there they may look; what they see is what `cacheOf` leaves besides the function's own.
 */
function environmentRights(names: string[], isOlder: boolean): string[] {
  return isOlder ? ['--allow-env'] : [`--allow-env=${names.join(',')}`, '--ignore-env']
}

/** What the operator listed, exactly, and the stack's own demo upstreams. */
export function allowedHosts(operatorHosts: string | null, demoHosts: string[]): string {
  return [...(operatorHosts?.split(',') ?? []), ...demoHosts].map((host) => host.trim()).filter(
    Boolean,
  ).join(',')
}

/** Deno itself finds its compiled code with these; the function may not read them. */
function cacheOf(): Record<string, string> {
  const names = ['HOME', 'DENO_DIR', 'XDG_CACHE_HOME']
  const set = names.map((name) => [name, Deno.env.get(name)] as const)
  const found = set.filter((entry): entry is [typeof entry[0], string] => Boolean(entry[1]))
  return { DENO_NO_UPDATE_CHECK: '1', ...Object.fromEntries(found) }
}
