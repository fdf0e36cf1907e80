// On or off, taking effect at once.
import type { ComponentProps } from 'react'
import { Switch as Radix } from 'radix-ui'
import { cx } from '@/lib/classes.ts'

/** Needs a name: put it in a `<Field>`, a `<label>`, or give it `aria-label`. */
export function Switch({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      {...rest}
      className={cx(
        'relative h-6 w-10 shrink-0 rounded-full border border-edge bg-surface transition-colors',
        'before:absolute before:-inset-3 data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-50',
        className,
      )}
    >
      <Radix.Thumb className='block size-4 translate-x-[3px] rounded-full bg-muted transition-transform data-[state=checked]:translate-x-[19px] data-[state=checked]:bg-on-accent' />
    </Radix.Root>
  )
}
