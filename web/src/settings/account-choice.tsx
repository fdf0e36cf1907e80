// Whose account a server's tools use: two words, and what the chosen one means.
import { useId } from 'react'
import type { Account } from '@shared/execution.ts'
import { cx } from '@/lib/classes.ts'
import { accountSentences, accountWords } from './account-state.ts'

type Props = {
  value: Account
  onChange: (account: Account) => void
  disabled?: boolean
  /** Where a heading beside it says the same. */
  hideLabel?: boolean
}

export function AccountChoice({ value, onChange, disabled, hideLabel }: Props) {
  const id = useId()
  return (
    <fieldset className='flex max-w-md min-w-0 flex-col gap-1.5' aria-describedby={`${id}-hint`}>
      <legend className={hideLabel ? 'sr-only' : 'mb-1.5 text-sm font-medium'}>
        Whose account
      </legend>
      <div className='grid grid-cols-[4fr_5fr] gap-0.5 rounded-control border border-edge bg-surface p-0.5'>
        {(['team', 'person'] as const).map((account) => (
          <label
            key={account}
            className={cx(
              'relative flex min-h-control items-center justify-center rounded-[6px] border px-1 py-1 text-center text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent',
              value === account
                ? 'border-edge bg-raised font-medium'
                : 'border-transparent text-muted',
              disabled ? 'opacity-60' : 'cursor-pointer',
            )}
          >
            <input
              type='radio'
              name={id}
              disabled={disabled}
              checked={value === account}
              onChange={() => onChange(account)}
              className='absolute inset-0 size-full cursor-[inherit] text-base opacity-0'
            />
            {accountWords[account]}
          </label>
        ))}
      </div>
      <p id={`${id}-hint`} className='text-xs text-muted'>{accountSentences[value]}</p>
    </fieldset>
  )
}
