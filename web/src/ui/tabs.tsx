// Sections of one page, one shown at a time. The caller keeps which one, usually in the address.
import type { ReactNode } from 'react'
import { Tabs as Radix } from 'radix-ui'

export type Tab = { value: string; label: ReactNode; content: ReactNode }

type Props = { label: string; tabs: Tab[]; value: string; onValueChange: (value: string) => void }

export function Tabs({ label, tabs, value, onValueChange }: Props) {
  return (
    <Radix.Root value={value} onValueChange={onValueChange}>
      <Radix.List
        aria-label={label}
        className='-mx-4 flex gap-5 overflow-x-auto border-b border-line px-4 [scrollbar-width:none] md:mx-0 md:px-0'
      >
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className='-mb-px min-h-control min-w-11 shrink-0 border-b-2 border-transparent text-sm text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text'
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className='pt-4 outline-offset-4'>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
