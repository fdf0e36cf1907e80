import { useState } from 'react'
import { afterEach, expect, it } from 'vitest'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { Dialog } from './dialog.tsx'

afterEach(cleanup)

function Asking() {
  const [open, setOpen] = useState(false)
  return (
    <main id='content' tabIndex={-1}>
      <button type='button' onClick={() => setOpen(true)}>Ask</button>
      {open && (
        <Dialog open onOpenChange={setOpen} title='Question'>
          <input aria-label='Answer' ref={(input) => input?.focus()} />
        </Dialog>
      )}
    </main>
  )
}

it('a dialog that took the focus gives it back to who opened it', async () => {
  render(<Asking />)
  const opener = screen.getByRole('button', { name: 'Ask' })
  opener.focus()
  fireEvent.click(opener)
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Answer')))
  fireEvent.keyDown(document.activeElement!, { key: 'Escape' })
  await waitFor(() => expect(document.activeElement).toBe(opener))
})
