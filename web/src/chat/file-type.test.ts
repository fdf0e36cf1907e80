import { expect, test } from 'vitest'
import { fileType } from './file-type.ts'

const typed = (name: string, type = '') => fileType({ name, type })

test('code and data are text by their names, whatever a system says they are', () => {
  expect(typed('main.ts', 'video/mp2t')).toEqual({ kind: 'text', mediaType: 'text/plain' })
  expect(typed('sales.CSV', 'application/vnd.ms-excel')).toMatchObject({ mediaType: 'text/csv' })
  expect(typed('a.b.yml')).toMatchObject({ mediaType: 'application/yaml' })
  expect(typed('Makefile')).toMatchObject({ kind: 'text' })
  expect(typed('notes', 'text/x-org; charset=utf-8')).toMatchObject({ mediaType: 'text/x-org' })
})

test('a vector drawing is its source text, never a picture', () => {
  expect(typed('logo.svg', 'image/svg+xml')).toEqual({ kind: 'text', mediaType: 'text/plain' })
})

test('any picture a browser may draw is one, and anything else is refused', () => {
  expect(typed('IMG_1.HEIC', 'image/heic')).toEqual({ kind: 'picture' })
  expect(typed('photo', 'image/jpeg')).toEqual({ kind: 'picture' })
  expect(typed('report.pdf', 'application/pdf')).toBeNull()
  expect(typed('archive.zip')).toBeNull()
  expect(typed('film.mp4', 'video/mp4')).toBeNull()
})
