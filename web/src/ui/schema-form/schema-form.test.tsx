import { afterEach, describe, expect, it, vi } from 'vitest'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { TooltipProvider } from '@/ui/tooltip.tsx'
import { SchemaForm } from './schema-form.tsx'

afterEach(cleanup)

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1, default: 3 } },
  required: ['city'],
}

function show(more: Partial<Parameters<typeof SchemaForm>[0]> = {}) {
  const onSubmit = vi.fn()
  const form = <SchemaForm schema={schema} submitLabel='Run' onSubmit={onSubmit} {...more} />
  const view = render(<TooltipProvider>{form}</TooltipProvider>)
  return { onSubmit, ...view }
}
const run = () => fireEvent.click(screen.getByRole('button', { name: 'Run' }))

describe('the form of a tool', () => {
  it('sends typed values and defaults', () => {
    const { onSubmit } = show()
    fireEvent.change(screen.getByLabelText(/City/), { target: { value: 'Oslo' } })
    run()
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({ city: 'Oslo', days: 3 })
  })

  it('sends nothing while something is wrong, says what beside the field, and moves there', () => {
    const { onSubmit } = show()
    fireEvent.change(screen.getByLabelText(/Days/), { target: { value: '0' } })
    run()
    expect(onSubmit).not.toHaveBeenCalled()
    const city = screen.getByLabelText(/City/)
    expect(city.getAttribute('aria-invalid')).toBe('true')
    expect(document.activeElement).toBe(city)
    expect(screen.getByText('Must be 1 or more')).toBeTruthy()
  })

  it('shows what the server found until the next edit', () => {
    const problems = [{ path: 'parameters.city', message: 'No such city' }]
    show({ problems })
    expect(screen.getByText('No such city')).toBeTruthy()
    fireEvent.change(screen.getByLabelText(/City/), { target: { value: 'Oslo' } })
    expect(screen.queryByText('No such city')).toBeNull()
  })

  it('opens as JSON when the fields would lose part of the value, and sends it whole', () => {
    const { onSubmit } = show({ value: { city: 'Oslo', unknown: [1] } })
    expect(screen.queryByLabelText(/City/)).toBeNull()
    run()
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({ city: 'Oslo', unknown: [1] })
  })

  it('carries what is typed over to JSON and back', () => {
    show()
    fireEvent.change(screen.getByLabelText(/City/), { target: { value: 'Oslo' } })
    fireEvent.click(screen.getByRole('button', { name: 'As JSON' }))
    const json = screen.getByRole('textbox') as HTMLTextAreaElement
    expect(JSON.parse(json.value)).toEqual({ city: 'Oslo', days: 3 })
    fireEvent.change(json, { target: { value: '{"city":"Bergen"}' } })
    fireEvent.click(screen.getByRole('button', { name: 'As fields' }))
    expect((screen.getByLabelText(/City/) as HTMLInputElement).value).toBe('Bergen')
  })

  it('grows a list row by row', () => {
    const list = { properties: { tags: { type: 'array', items: { type: 'string' } } } }
    const { onSubmit } = show({ schema: list })
    fireEvent.click(screen.getByRole('button', { name: 'Add tag' }))
    fireEvent.change(screen.getByLabelText('Tag 1'), { target: { value: 'red' } })
    fireEvent.click(screen.getByRole('button', { name: 'Add tag' }))
    fireEvent.click(screen.getByRole('button', { name: 'Remove tag 2' }))
    run()
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({ tags: ['red'] })
  })
})
