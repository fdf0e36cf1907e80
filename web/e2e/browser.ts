// One Chromium per file of journeys, and the two devices they are walked on.
import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'
import { inject } from 'vitest'

export const launchArguments = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const devices = {
  phone: {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  },
  /** The narrowest phone still in use. */
  small: {
    viewport: { width: 320, height: 640 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  },
  desktop: { viewport: { width: 1440, height: 900 } },
} satisfies Record<string, BrowserContextOptions>

export type Device = keyof typeof devices

let launched: Promise<Browser> | null = null

export function browser(): Promise<Browser> {
  launched ??= chromium.launch({ executablePath: inject('chromium'), args: launchArguments })
  return launched
}

export async function closeBrowser(): Promise<void> {
  await (await launched)?.close()
  launched = null
}
