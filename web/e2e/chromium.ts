// Finds a Chromium, or installs one, and says which. Journeys are never skipped for want of it.
import { execFileSync, spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The program to run. Throws where none can be had. */
export async function findChromium(): Promise<string> {
  const found = present() ?? fromDebian() ?? fromPlaywright()
  if (!found) {
    throw new Error(
      'The journeys need Chromium, and none could be found or installed. Set CHROMIUM_PATH to one.',
    )
  }
  console.log(`Journeys run in ${found} (${versionOf(found)})`)
  return found
}

function present(): string | null {
  const given = process.env.CHROMIUM_PATH
  if (given) {
    if (versionOf(given)) return given
    throw new Error(`CHROMIUM_PATH is ${given}, which does not run`)
  }
  const usual = names.map((name) => `/usr/bin/${name}`)
  return [...usual, ...names, ownPath()].find((path) => path && versionOf(path)) ?? null
}

/** Debian's package, where this may install it. */
function fromDebian(): string | null {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return null
  console.log('No Chromium here: installing Debian’s package')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  return versionOf('/usr/bin/chromium') ? '/usr/bin/chromium' : null
}

function fromPlaywright(): string | null {
  console.log('No Chromium here: downloading Playwright’s')
  const cli = createRequire(import.meta.url).resolve('playwright-core/cli.js')
  spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const path = ownPath()
  return path && versionOf(path) ? path : null
}

function ownPath(): string | null {
  try {
    return chromium.executablePath()
  } catch {
    return null
  }
}

/** Empty where it does not run. */
function versionOf(path: string): string {
  try {
    return execFileSync(path, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString().trim()
  } catch {
    return ''
  }
}
