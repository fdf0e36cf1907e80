// Tools that a server lists and Astra leaves out, each with its reason.
import { useState } from 'react'
import { TriangleAlert } from 'lucide-react'
import { count } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import type { Synced } from './server-changes.ts'

type Tools = Synced['left_out']

export function LeftOut({ tools }: { tools: Tools }) {
  if (tools.length === 0) return null
  return (
    <section className='rounded-control bg-warn-soft px-3 py-2 text-sm'>
      <h3 className='flex items-center gap-2 font-medium'>
        <TriangleAlert aria-hidden className='size-4 shrink-0 text-warn' />
        {count(tools.length, 'tool')} left out
      </h3>
      <ul className='mt-1 flex flex-col gap-1.5'>
        {tools.map(({ tool_name, message }, at) => (
          <li key={`${at} ${tool_name}`}>
            <span className='font-mono text-xs'>{tool_name || 'A tool without a name'}</span>
            <p>{message}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** For a sync that was asked for on its own: opens by itself, for what was left out is easily missed. */
export function LeftOutDialog({ name, tools }: { name: string; tools: Tools }) {
  const [open, setOpen] = useState(true)
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={`Some tools of ${name} were left out`}
      description='The others are kept. Its makers can mend these.'
      footer={<Button look='primary' onClick={() => setOpen(false)}>Done</Button>}
    >
      <LeftOut tools={tools} />
    </Dialog>
  )
}
