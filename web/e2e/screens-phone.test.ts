// Every screen in the hand, at two widths, in light and dark: nothing axe objects to, nothing cut off, nothing too small to hit.
import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { looksInTheHand } from './measure.ts'
import { screens } from './screens.ts'

const titled = screens.map((screen) => [screen.name, screen] as const)

describe('on a phone, nobody is shut out of', () => {
  journey.for(titled)('%s', async ([, screen], { stage }) => {
    stage.expectProblem(/ERR_INTERNET_DISCONNECTED/)
    const page = await screen.show({ open: stage.open, on: 'phone' })
    expect(await looksInTheHand(page)).toEqual([])
  })
})
