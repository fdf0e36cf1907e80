// Every screen, in light and dark, at three widths: nothing axe objects to, nothing cut off, nothing too small to hit.
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { devices } from './browser.ts'
import { journey } from './journey.ts'
import { axeFindings, sideways, smallPrint, smallTargets } from './measure.ts'
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

describe('on a desktop, nobody is shut out of', () => {
  journey.for(titled)('%s', async ([, screen], { stage }) => {
    stage.expectProblem(/ERR_INTERNET_DISCONNECTED/)
    const page = await screen.show({ open: stage.open, on: 'desktop' })
    expect(await looks(page, 'desktop')).toEqual([])
  })
})

async function looks(page: Page, size: string): Promise<string[]> {
  const findings: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const found = await axeFindings(page)
    findings.push(...found.map((finding) => `${size}, ${colorScheme}: ${finding}`))
  }
  const over = await sideways(page)
  return over > 0 ? [...findings, `${size}: ${over} px too wide`] : findings
}
