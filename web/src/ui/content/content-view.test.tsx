import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { TooltipProvider } from '@/ui/tooltip.tsx'
import { ContentView } from './content-view.tsx'

// Fetched when the first is needed: a busy machine takes its time over that.
beforeAll(() => import('@/ui/markdown.tsx'))
afterEach(cleanup)

type Content = Parameters<typeof ContentView>[0]['result']['content']
const show = (content: Content) =>
  render(
    <TooltipProvider>
      <ContentView result={{ content }} name='Report' />
    </TooltipProvider>,
  )

it('a list of objects is shown as a table that sorts, never as raw JSON', () => {
  show([{
    type: 'text',
    text: JSON.stringify([{ city: 'Oslo', n: 2 }, { city: 'Bergen', n: 10 }]),
  }])
  const cities = () => screen.getAllByRole('row').slice(1).map((row) => row.textContent)
  expect(cities()).toEqual(['Oslo2', 'Bergen10'])
  fireEvent.click(screen.getByRole('button', { name: 'N' }))
  expect(cities()).toEqual(['Bergen10', 'Oslo2'])
})

it('the JSON behind a value is one click away', () => {
  show([{ type: 'text', text: '{"temperature":33}' }])
  expect(screen.getByText('Temperature')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Show as JSON' }))
  expect(screen.getByText(/temperature:/)).toBeTruthy()
})

it('an image in markdown is never loaded from elsewhere', async () => {
  const { container } = show([
    { type: 'text', text: '# Hello\n\n![pixel](https://elsewhere.example/p.png?secret=1)' },
  ])
  await screen.findByRole('heading', { name: 'Hello' })
  expect(container.querySelector('img')).toBeNull()
  expect(container.innerHTML).not.toContain('elsewhere.example')
})

it('markup nested too deep to be read is shown as its text, and the page stays', async () => {
  const silent = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { container } = show([
    { type: 'text', text: '> '.repeat(8_000) + 'deep' },
    { type: 'text', text: 'beside it' },
  ])
  await screen.findByText(/^> > .* deep$/)
  expect(screen.getByText('beside it')).toBeTruthy()
  expect(container.querySelector('blockquote')).toBeNull()
  silent.mockRestore()
})

it('a link that is not of the web is text', () => {
  show([
    { type: 'resource_link', uri: 'javascript:alert(1)', name: 'Click me' },
    { type: 'resource_link', uri: 'https://a.test/x', name: 'A page' },
  ])
  const links = screen.getAllByRole('link') as HTMLAnchorElement[]
  expect(links.map(({ href, rel }) => [href, rel]))
    .toEqual([['https://a.test/x', 'noopener noreferrer nofollow']])
})

it('HTML inside a resource is shown as its text', () => {
  const { container } = show([{
    type: 'resource',
    resource: { uri: 'ui://x', mimeType: 'text/html', text: '<b id="run">bold</b>' },
  }])
  expect(container.querySelector('#run')).toBeNull()
  expect(screen.getByText('<b id="run">bold</b>')).toBeTruthy()
})

it('a result without content says so', () => {
  show([])
  expect(screen.getByText('The tool finished and sent nothing back.')).toBeTruthy()
})
