import { expect, it } from 'vitest'
import { whoseYes } from './whose-yes.ts'

it('whose yes a call ran on is named as its reader sees it', () => {
  const of = { decided: null, reader: 'mia', name: 'Mia' }
  const by = (decided_by: string, edited = false) => ({
    decided_by,
    decided_at: null,
    edited,
    via: 'app' as const,
  })
  const yes = (approval: 'self' | 'always' | 'admin' | null) => ({ approval, user_id: 'mia' })
  expect(whoseYes(yes(null), of)).toBeNull()
  expect(whoseYes(yes('self'), of)).toBe('You approved it')
  expect(whoseYes(yes('always'), of)).toBe('You always approve it')
  expect(whoseYes(yes('admin'), { ...of, decided: by('olga', true) }))
    .toBe('An admin approved it, with changed arguments')
  expect(whoseYes(yes('admin'), { ...of, reader: 'olga', decided: by('olga') }))
    .toBe('You approved it')
  expect(whoseYes(yes('admin'), of)).toBe('You approved it')
  expect(whoseYes(yes('self'), { ...of, reader: 'olga' })).toBe('Mia approved it')
  const told = { ...by('mia'), via: 'notification' as const }
  expect(whoseYes(yes('self'), { ...of, decided: told }))
    .toBe('You approved it, from a notification')
})
