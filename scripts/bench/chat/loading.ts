// What the first visit costs on a phone: Lighthouse on the signed-in chat, and the JavaScript the first screen needs.
import { createRequire } from 'node:module'
import lighthouse from 'lighthouse'
import { expect } from '../astra.ts'
import type { Figure } from './figure.ts'
import { type Ground, launchArguments, sessionOf } from './ground.ts'

const { chromium } = createRequire(import.meta.url)(
  'playwright-core',
) as typeof import('playwright-core')

const shownAudits = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
]

export async function measureLighthouse(
  ground: Ground,
  say: (line: string) => void,
): Promise<Figure[]> {
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const { port } = listener.addr
  listener.close()
  const profile = await Deno.makeTempDir({ prefix: 'astra-lighthouse-' })
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ground.chromiumPath,
    args: [...launchArguments, `--remote-debugging-port=${port}`],
  })
  try {
    const page = await context.newPage()
    await page.goto(`${ground.stack.url}/astra.json`)
    await page.evaluate(
      (session) => localStorage.setItem('astra.session', session),
      sessionOf(ground.owner),
    )
    await page.close()
    const scores: Scores[] = []
    for (let run = 1; run <= 3; run++) {
      scores.push(await lookOnce(`${ground.stack.url}/chat`, { port, run, say }))
    }
    return figuresOf(scores)
  } finally {
    await context.close()
    await Deno.remove(profile, { recursive: true })
  }
}

type Scores = { performance: number; accessibility: number }
type Look = { port: number; run: number; say: (line: string) => void }

/** Says what it saw, and what is missing to a full accessibility score. */
async function lookOnce(url: string, { port, run, say }: Look): Promise<Scores> {
  const ran = await lighthouse(url, {
    port,
    output: 'json',
    logLevel: 'error',
    onlyCategories: ['performance', 'accessibility'],
  })
  expect(ran !== undefined, 'Lighthouse gave nothing')
  const { categories, audits, lighthouseVersion } = ran!.lhr
  const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100)
  const scores = { performance: score('performance'), accessibility: score('accessibility') }
  const shown = shownAudits.map((name) => `${name} ${audits[name]?.displayValue}`).join(', ')
  const points = `${scores.performance} / ${scores.accessibility}`
  say(`Lighthouse ${lighthouseVersion}, run ${run}: ${points}; ${shown}`)
  for (const { id } of categories.accessibility!.auditRefs) {
    const { score, title } = audits[id]!
    if (score !== null && score < 1) say(`accessibility: ${title}`)
  }
  return scores
}

function figuresOf(scores: Scores[]): Figure[] {
  const middle = (name: keyof Scores) => scores.map((one) => one[name]).sort((a, b) => a - b)[1]!
  return [
    {
      what: 'Lighthouse mobile on the chat, performance, median of 3',
      value: middle('performance'),
      unit: 'points',
      atLeast: 95,
    },
    {
      what: 'Lighthouse mobile on the chat, accessibility',
      value: middle('accessibility'),
      unit: 'points',
      atLeast: 100,
    },
  ]
}

/** What the page itself names, before any of it has run; and all that came until one could write. Compressed. */
export async function measureScripts(ground: Ground): Promise<Figure[]> {
  const { url } = ground.stack
  const page = await ground.open('/astra.json', { phone: true, slower: 1 })
  const fetched = new Set<string>()
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (/^\/assets\/.*\.js$/.test(pathname)) fetched.add(pathname)
  })
  await page.goto(`${url}/chat`)
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  const all = [...fetched]
  await page.context().close()
  const html = await (await fetch(`${url}/chat`)).text()
  const named = [...html.matchAll(/"(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path!)
  return [{
    what: `initial JavaScript, ${named.length} files, gzip`,
    value: await packedKb(url, named),
    unit: 'kB',
    atMost: 230,
  }, {
    what: `JavaScript until one can write in the chat, ${all.length} files, gzip`,
    value: await packedKb(url, all),
    unit: 'kB',
  }]
}

async function packedKb(origin: string, paths: string[]): Promise<number> {
  let bytes = 0
  for (const path of paths) {
    const script = await (await fetch(origin + path)).blob()
    const packed = new Response(script.stream().pipeThrough(new CompressionStream('gzip')))
    bytes += (await packed.arrayBuffer()).byteLength
  }
  return bytes / 1_000
}
