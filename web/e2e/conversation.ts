// What a person does in a chat, in their words.
import { expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import type { Device } from './browser.ts'

export const message = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' })

/** Writes and sends, with the button: that works on glass and on keys. */
export async function say(page: Page, text: string): Promise<void> {
  await message(page).fill(text)
  await page.getByRole('button', { name: 'Send', exact: true }).click()
}

/** The quiet line of a tool that has run. */
export function card(page: Page, tool: string): Locator {
  return page.getByRole('main').getByRole('button', { name: new RegExp(`^${tool} in Everything`) })
    .last()
}

/** On a desktop the list stands open; on a phone it is a sheet. */
export async function openList(page: Page, on: Device): Promise<void> {
  if (on !== 'desktop') await page.getByRole('button', { name: 'Chats', exact: true }).click()
}

/** Something that can be done with the open chat. */
export async function chatMenu(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'This chat' }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

/** Waits for an element. Vitest's own `expect` does not know locators. */
export async function seen(locator: Locator): Promise<Locator> {
  await locator.waitFor({ state: 'visible' })
  return locator
}

export async function gone(locator: Locator): Promise<void> {
  await locator.waitFor({ state: 'hidden' })
}

/** The id at the end of the page's address. */
export function idInAddress(page: Page): string {
  const id = /[0-9a-f-]{36}$/.exec(new URL(page.url()).pathname)?.[0]
  expect(id, `an id in ${page.url()}`).toBeTruthy()
  return id!
}
