// What can be measured about a screen as it stands: axe's findings, sideways scrolling, and what a finger can hit.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import type { AxeResults } from 'axe-core'
import { devices } from './browser.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Every violation of every rule axe has on by default, one line each. */
async function axeFindings(page: Page): Promise<string[]> {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe)
  await settled(page)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<AxeResults> } }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`)
    )
  })
  return found
}

/** A colour half way from one to another is nobody's: waits until two frames pass without a transition. */
export function settled(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (let still = 0; still < 2; still++) {
      await new Promise(requestAnimationFrame)
      const under = document.getAnimations().filter((one) => one instanceof CSSTransition)
      if (under.length > 0) still = -1
      await Promise.allSettled(under.map(({ finished }) => finished))
    }
  })
}

/** How far the page, or a part of it that should not, can be scrolled sideways. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return Math.max(scrollWidth, document.body.scrollWidth) - clientWidth
  })
}

/** How far the app as a whole can be pushed off the screen: its parts scroll, it never does. */
function downwards(page: Page): Promise<number> {
  return page.evaluate(() => {
    const framed = document.querySelector('nav[aria-label=Main]') !== null
    return framed ? document.documentElement.scrollHeight - innerHeight : 0
  })
}

/** Boxes to write in whose letters are small enough for a phone to zoom in on them. */
function smallPrint(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('input, select, textarea')]
      .filter((box) => parseFloat(getComputedStyle(box).fontSize) < 16)
      .map((box) => box.outerHTML.slice(0, 120))
  )
}

/** Controls a finger misses: less than 44 px to hit, in either direction. Links within a sentence or a table are text. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = 'button, a[href], input, select, textarea, summary, [role=option], ' +
      '[role^=menuitem], [role=switch], [role=tab], [role=radio], [role=checkbox]'
    const modal = document.querySelector('[role=dialog]')
    const misses: string[] = []
    for (const control of document.querySelectorAll<HTMLElement>(controls)) {
      if (modal && !modal.contains(control)) continue
      const box = control.getBoundingClientRect()
      const hidden = box.width <= 1 || !control.checkVisibility({ visibilityProperty: true })
      const inText = getComputedStyle(control).display === 'inline' ||
        control.matches('td a, p > button')
      if (hidden || inText || control.closest('[aria-hidden=true]')) continue
      control.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
      const label = control instanceof HTMLInputElement ? control.closest('label') : null
      const { x, y, width, height } = (label ?? control).getBoundingClientRect()
      const hits = (dx: number, dy: number) => {
        const hit = document.elementFromPoint(x + width / 2 + dx, y + height / 2 + dy)
        const around = hit?.closest('label')
        return hit === control || control.contains(hit) || around?.control === control ||
          Boolean(around?.contains(control))
      }
      const wide = width >= 43.5 || (hits(-21, 0) && hits(21, 0))
      const high = height >= 43.5 || (hits(0, -21) && hits(0, 21))
      if (wide && high) continue
      const size = `${Math.round(width)} × ${Math.round(height)}`
      misses.push(`${size}: ${control.outerHTML.slice(0, 140)}`)
    }
    return misses
  })
}

/** The first two, in light and in dark, for the page as wide as it is. */
export async function looks(page: Page, size: string): Promise<string[]> {
  const findings: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const found = await axeFindings(page)
    findings.push(...found.map((finding) => `${size}, ${colorScheme}: ${finding}`))
  }
  const over = { wide: await sideways(page), high: await downwards(page) }
  if (over.wide > 0) findings.push(`${size}: ${over.wide} px too wide`)
  if (over.high > 0) findings.push(`${size}: ${over.high} px too high`)
  return findings
}

/** All of it on both phones, and what a finger cannot hit or an eye not read. */
export async function looksInTheHand(page: Page): Promise<string[]> {
  const findings: string[] = []
  for (const size of ['phone', 'small'] as const) {
    await page.setViewportSize(devices[size].viewport)
    findings.push(...await looks(page, size))
    findings.push(...(await smallTargets(page)).map((target) => `${size}: ${target}`))
  }
  return [...findings, ...await smallPrint(page)]
}
