import { afterEach, describe, expect, it, vi } from 'vitest'
import { keep, kept } from './kept.ts'
import { deviceName, endHere } from './push.ts'

const { call } = vi.hoisted(() => ({ call: vi.fn() }))
vi.mock('./call.ts', async (original) => ({ ...await original<object>(), call }))

afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

describe('whoever signs out', () => {
  it('leaves no notification behind that shows or answers their calls', async () => {
    const close = vi.fn()
    const unsubscribe = vi.fn(() => Promise.resolve(true))
    const registration = {
      pushManager: { getSubscription: () => Promise.resolve({ unsubscribe }) },
      getNotifications: () => Promise.resolve([{ close }, { close }]),
    }
    vi.stubGlobal('navigator', { serviceWorker: { ready: Promise.resolve(registration) } })
    keep('device', { id: 'd', team_id: 't', endpoint: 'https://push.example/1' })
    // Without a network nobody is told, and the notifications go all the same.
    call.mockRejectedValue(new TypeError('no network'))
    await endHere()
    expect(close).toHaveBeenCalledTimes(2)
    expect(unsubscribe).toHaveBeenCalledOnce()
    expect(kept('device')).toBeNull()
  })
})

describe('a device', () => {
  it('is called what a person would call it', () => {
    const names = {
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36':
        'Chrome on Android',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0':
        'Edge on Windows',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15':
        'Safari on Mac',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1':
        'Safari on iPhone',
      'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0': 'Firefox on Linux',
      'something else': 'A browser',
    }
    for (const [agent, name] of Object.entries(names)) expect(deviceName(agent)).toBe(name)
  })
})
