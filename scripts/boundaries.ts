// The rules of the house that a machine can check. Each one names the legal door, so that a failure
// teaches instead of only refusing. Reads files as text; changes nothing.
//
// Run: deno run -A scripts/boundaries.ts

type Source = { path: string; text: string }
type Rule = {
  /** Where it applies, by path from the project's root. */
  where: RegExp
  /** Files that are the door itself. */
  except: RegExp
  forbids: RegExp
  because: string
}

const FUNCTION = /^supabase\/functions\/mcp-client\//
const TEST = /\.test\.tsx?$/
const NEVER = /(?!)/

/** Who acts past row level security, each with its team named in every query. */
const serviceRole = new RegExp(`/(${
  [
    'accounts',
    'admission',
    'approvals',
    'auth',
    'background',
    'chat/(?:endings|stopping|turn-rows)',
    'chat/model/team',
    'connection-status',
    'continuations',
    'devices',
    'finish',
    'freshness',
    'health',
    'limits',
    'models',
    'push-(?:answer|delivery)',
    'reseal',
    'resume',
    'servers',
    'sign-in-(?:start|finish|clients|renewal|revocation)',
    'sync',
    'task-polls',
    'tasks',
    'tick',
    'upstream-of',
    'waiting',
    'webhook-delivery',
    'webhooks',
  ].join('|')
})\\.ts$`)

const rules: Rule[] = [
  {
    where: FUNCTION,
    except: /\/(attempt|mcp\/[\w-]+)\.ts$/,
    forbids: /\.callTool\(/,
    because:
      'tools are called through execute() in execute.ts, which records first; attempt.ts is its inside',
  },
  {
    where: FUNCTION,
    except: /\/(db|mcp\/egress|chat\/model\/[\w-]+)\.ts$/,
    forbids: /(?<![\w.])fetch\(/,
    because:
      'upstream requests go through guardedFetch() in mcp/egress.ts; models through chat/model/; the Data API through db.ts',
  },
  {
    where: FUNCTION,
    except: /\/(credentials|auth|canonical)\.ts$/,
    forbids: /crypto\.subtle/,
    because:
      'sealing lives in credentials.ts, hashing in canonical.ts, token fingerprints in auth.ts',
  },
  {
    where: FUNCTION,
    except: /\/env\.ts$/,
    forbids: /Deno\.env/,
    because: 'the environment is read and checked once, in env.ts',
  },
  {
    where: FUNCTION,
    except: serviceRole,
    forbids: /db\.service/,
    because:
      'the service role bypasses row level security: add the file to this list only with a reason',
  },
  {
    where: /^shared\//,
    except: /database\.types\.ts$/,
    forbids: /from '(?!zod'|\.\/)[^']+'/,
    because:
      'shared/ is what both sides say to each other: it imports zod and itself, nothing else',
  },
  {
    where: /^web\/src\/(ui|lib)\//,
    except: NEVER,
    forbids: /'(?:(?:\.\.\/)+|@\/)(?:session|chat|settings|analytics|activity|notices)\//,
    because: 'ui/ and lib/ know no feature: pass what they need as properties',
  },
  ...['chat', 'settings', 'analytics', 'activity', 'notices'].map((feature): Rule => ({
    where: new RegExp(`^web/src/${feature}/`),
    except: NEVER,
    forbids: new RegExp(
      `'(?:(?:\\.\\./)+|@/)(?:${
        ['chat', 'settings', 'analytics', 'activity', 'notices']
          .filter((other) => other !== feature).join('|')
      })/`,
    ),
    because: 'features never import each other: share through ui/, lib/ or shared/',
  })),
]

const LONGEST = 300
const BANNED_NAME = /(^|[/_-])(services?|helpers?|utils?|common|misc|managers?)([._-]|$)/

/** Every violation as a line `path: what — the legal door`. Empty when the house is in order. */
export function violations(sources: Source[]): string[] {
  const found: string[] = []
  for (const { path, text } of sources) {
    const lines = text.split('\n')
    if (lines.length - 1 > LONGEST && !path.endsWith('.types.ts')) {
      found.push(`${path}: ${lines.length - 1} lines — split it, ${LONGEST} is the most`)
    }
    if (BANNED_NAME.test(path)) found.push(`${path}: name — call it by what it holds`)
    if (/\.tsx?$/.test(path) && !TEST.test(path) && !text.startsWith('// ')) {
      found.push(`${path}:1: no header — begin with what it owns and what it refuses to do`)
    }
    for (const rule of rules) {
      if (!rule.where.test(path) || rule.except.test(path) || TEST.test(path)) continue
      lines.forEach((line, at) => {
        if (/^\s*(\/\/|\*|\/\*)/.test(line) || !rule.forbids.test(line)) return
        found.push(`${path}:${at + 1}: ${line.trim().slice(0, 80)} — ${rule.because}`)
      })
    }
  }
  return found
}

/** Bare imports of the function must be pinned in its deno.json, which must list what its package.json does. */
export function importProblems(
  sources: Source[],
  pins: { imports: Record<string, string>; dependencies: Record<string, string> },
): string[] {
  const found: string[] = []
  for (const { path, text } of sources) {
    if (!FUNCTION.test(path) || TEST.test(path)) continue
    for (const [, specifier] of text.matchAll(/(?:from|\bimport\(?)\s*'([^'.][^']*)'/g)) {
      if (specifier!.startsWith('node:')) continue
      const name = specifier!.split('/').slice(0, specifier!.startsWith('@') ? 2 : 1).join('/')
      if (!(name in pins.imports)) {
        found.push(`${path}: '${name}' is not in the function's deno.json`)
      }
    }
  }
  for (const name of new Set([...Object.keys(pins.imports), ...Object.keys(pins.dependencies)])) {
    const [target, version] = [pins.imports[name], pins.dependencies[name]]
    if (target !== `npm:${name}@${version}`) {
      found.push(`deno.json pins ${name} as ${target}, package.json as ${version}: they must agree`)
    }
  }
  return found
}

async function tracked(): Promise<Source[]> {
  const { success, stdout } = await new Deno.Command('git', {
    args: [
      'ls-files',
      '--cached',
      '--others',
      '--exclude-standard',
      '*.ts',
      '*.tsx',
      '*.sql',
      '*.css',
    ],
  }).output()
  const paths = new TextDecoder().decode(stdout).split('\n').filter(Boolean)
  if (!success || paths.length === 0) throw new Error('git lists no files: run this in a clone')
  const sources = await Promise.all(
    // A file just deleted is still listed.
    paths.map(async (path) => ({ path, text: await Deno.readTextFile(path).catch(() => null) })),
  )
  return sources.filter((source): source is Source => source.text !== null)
}

if (import.meta.main) {
  const sources = await tracked()
  const folder = 'supabase/functions/mcp-client'
  const pins = {
    imports: JSON.parse(await Deno.readTextFile(`${folder}/deno.json`)).imports,
    dependencies: JSON.parse(await Deno.readTextFile(`${folder}/package.json`)).dependencies,
  }
  const found = [...violations(sources), ...importProblems(sources, pins)]
  for (const line of found) console.error(line)
  if (found.length > 0) Deno.exit(1)
  console.log(`${sources.length} files keep to the house's boundaries`)
}
