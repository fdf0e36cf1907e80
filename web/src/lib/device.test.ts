import { afterEach, expect, test, vi } from 'vitest'
import { watchKeyboard } from './device.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

/** A screen of 800 px, of which a keyboard leaves `left`. */
function screenWith() {
  const viewport = Object.assign(new EventTarget(), { height: 800, scale: 1, offsetTop: 0 })
  vi.stubGlobal('visualViewport', viewport)
  watchKeyboard()
  return (left: number) => {
    viewport.height = left
    viewport.dispatchEvent(new Event('resize'))
  }
}
const root = document.documentElement
const height = () => root.style.getPropertyValue('--app-height')

test('a keyboard over a box to write in makes the app as high as what it leaves', () => {
  const leaves = screenWith()
  const box = document.body.appendChild(document.createElement('textarea'))
  box.focus()
  leaves(480)
  expect(height()).toBe('480px')
  expect(root.hasAttribute('data-keyboard')).toBe(true)
  leaves(800)
  expect(height()).toBe('')
  expect(root.hasAttribute('data-keyboard')).toBe(false)
})

test('a bar of the browser that comes and goes is no keyboard', () => {
  const leaves = screenWith()
  document.body.appendChild(document.createElement('textarea')).focus()
  leaves(740)
  expect(height()).toBe('')
})

test('neither is a window made smaller while nothing is written in', () => {
  const leaves = screenWith()
  leaves(400)
  expect(height()).toBe('')
})
