// Every screen in the hand, at two widths, in light and dark: nothing axe objects to, nothing cut off, nothing too small to hit.
import { describe, expect } from 'vitest'
import { devices } from './browser.ts'
import { journey } from './journey.ts'
import { looks, smallPrint, smallTargets } from './measure.ts'
import { screens } from './screens.ts'

const titled = screens.map((screen) => [screen.name, screen] as const)

describe('on a phone, nobody is shut out of', () => {
  journey.for(titled)('%s', async ([, screen], { stage }) => {
    stage.expectProblem(/ERR_INTERNET_DISCONNECTED/)
    const page = await screen.show({ open: stage.open, on: 'phone' })
    const findings: string[] = []
    for (const size of ['phone', 'small'] as const) {
      await page.setViewportSize(devices[size].viewport)
      findings.push(...await looks(page, size))
      findings.push(...(await smallTargets(page)).map((target) => `${size}: ${target}`))
    }
    findings.push(...await smallPrint(page))
    expect(findings).toEqual([])
  })
})
