// Tools that a server lists and Astra leaves out, each with its reason.
import { useState } from 'react'
import { count } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import type { Synced } from './server-changes.ts'

type Tools = Synced['left_out']

export function leftOutWords(tools: Tools): string {
  return `${count(tools.length, 'tool')} left out`
}

export function LeftOutList({ tools }: { tools: Tools }) {
  return (
    <ul className='flex flex-col gap-2 text-sm'>
      {tools.map(({ tool_name, message }, at) => (
        <li key={`${at} ${tool_name}`}>
          <p className='font-mono text-xs text-muted'>{tool_name || 'A tool without a name'}</p>
          <p>{message}</p>
        </li>
      ))}
    </ul>
  )
}

/** For a sync that was asked for on its own: opens by itself, for what is left out is easily missed. */
export function LeftOutDialog({ name, tools }: { name: string; tools: Tools }) {
  const [open, setOpen] = useState(true)
  return (
    <Dialog
      open={open}
      reading
      onOpenChange={setOpen}
      title={leftOutWords(tools)}
      description={`The other tools of ${name} are kept. Its makers can mend these.`}
      footer={<Button look='primary' onClick={() => setOpen(false)}>Done</Button>}
    >
      <LeftOutList tools={tools} />
    </Dialog>
  )
}
