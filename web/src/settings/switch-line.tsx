// A switch with its name before it and what it means below.
import { type ReactNode, useId } from 'react'
import { Switch } from '@/ui/switch.tsx'

type Props = {
  label: string
  checked: boolean
  disabled?: boolean
  onChange: (checked: boolean) => void
  children: ReactNode
}

export function SwitchLine({ label, checked, disabled, onChange, children }: Props) {
  const id = useId()
  return (
    <div>
      <div className='flex min-h-11 items-center gap-3'>
        <label htmlFor={id} className='min-w-0 grow text-sm font-medium'>{label}</label>
        <Switch
          id={id}
          aria-describedby={`${id}-means`}
          checked={checked}
          disabled={disabled}
          onCheckedChange={onChange}
        />
      </div>
      <p id={`${id}-means`} className='text-xs text-muted'>{children}</p>
    </div>
  )
}
