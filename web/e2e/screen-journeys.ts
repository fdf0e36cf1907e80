// Screens in the hand and on the desk: nothing axe objects to in light or dark, nothing cut off, nothing too small
// to hit.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { Session } from './api.ts'
import { journey } from './journey.ts'
import { looks, looksInTheHand } from './measure.ts'

export type ShownScreen = [name: string, show: (page: Page) => Promise<unknown>]

/** `as`: who looks at them, met anew for each. */
export function walkScreens(screens: ShownScreen[], as: () => Promise<Session>): void {
  describe('on a phone, nobody is shut out of', () => {
    journey.for(screens)('%s', async ([, show], { stage }) => {
      const page = await stage.open({ on: 'phone', as: await as() })
      await show(page)
      expect(await looksInTheHand(page)).toEqual([])
    })
  })
  describe('on a desktop, nobody is shut out of', () => {
    journey.for(screens)('%s', async ([, show], { stage }) => {
      const page = await stage.open({ on: 'desktop', as: await as() })
      await show(page)
      expect(await looks(page, 'desktop')).toEqual([])
    })
  })
}
