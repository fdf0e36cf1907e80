// Every screen on a desk, in light and dark: nothing axe objects to, nothing cut off.
import { describe, expect } from 'vitest'
import { journey } from './journey.ts'
import { looks } from './measure.ts'
import { screens } from './screens.ts'

const titled = screens.map((screen) => [screen.name, screen] as const)

describe('on a desktop, nobody is shut out of', () => {
  journey.for(titled)('%s', async ([, screen], { stage }) => {
    stage.expectProblem(/ERR_INTERNET_DISCONNECTED/)
    const page = await screen.show({ open: stage.open, on: 'desktop' })
    expect(await looks(page, 'desktop')).toEqual([])
  })
})
