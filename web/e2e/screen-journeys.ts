// Screens in the hand and on the desk: nothing axe objects to in light or dark, nothing cut off, nothing too small
// to hit.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { Session } from './api.ts'
import type { Device } from './browser.ts'
import { journey, type Opened } from './journey.ts'
import { looks, looksInTheHand } from './measure.ts'

export type Scene = { stage: Opened; on: Device }
/** Opens its page by itself, and comes back with it when the screen is there. */
export type StagedScreen = [name: string, show: (scene: Scene) => Promise<Page>]
export type ShownScreen = [name: string, show: (page: Page) => Promise<unknown>]

export function walkStaged(screens: StagedScreen[]): void {
  describe('on a phone, nobody is shut out of', () => {
    journey.for(screens)('%s', async ([, show], { stage }) => {
      expect(await looksInTheHand(await show({ stage, on: 'phone' }))).toEqual([])
    })
  })
  describe('on a desktop, nobody is shut out of', () => {
    journey.for(screens)('%s', async ([, show], { stage }) => {
      expect(await looks(await show({ stage, on: 'desktop' }), 'desktop')).toEqual([])
    })
  })
}

/** `as`: who looks at them, met anew for each. */
export function walkScreens(screens: ShownScreen[], as: () => Promise<Session>): void {
  walkStaged(screens.map(([name, show]) => [name, async ({ stage, on }) => {
    const page = await stage.open({ on, as: await as() })
    await show(page)
    return page
  }]))
}
