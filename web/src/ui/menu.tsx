// A list of actions behind a button.
import type { ReactElement, ReactNode } from 'react'
import { Check } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import { cx } from '@/lib/classes.ts'
import { useLayer } from './layer.tsx'

type Props = {
  trigger: ReactElement
  align?: 'start' | 'end'
  side?: 'top' | 'bottom' | 'right'
  children: ReactNode
}

/** `<Menu trigger={<IconButton …/>}><MenuItem …/></Menu>` */
export function Menu({ trigger, align = 'end', side = 'bottom', children }: Props) {
  const container = useLayer()
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={container}>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className='z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 max-w-72 animate-appear overflow-y-auto rounded-card border border-line bg-raised p-1 shadow-float'
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const item =
  'flex min-h-control items-center gap-2.5 rounded-control px-2.5 py-1 text-sm outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover [&_svg]:size-4 [&_svg]:shrink-0'

type ItemProps = {
  icon?: ReactNode
  danger?: boolean
  disabled?: boolean
  /** Shows whether this is the current choice. */
  checked?: boolean
  onSelect?: () => void
  /** Renders the only child (a router link) as the item. */
  asChild?: boolean
  children: ReactNode
}

export function MenuItem(
  { icon, danger, disabled, checked, onSelect, asChild, children }: ItemProps,
) {
  const className = cx(item, danger && 'text-bad')
  if (asChild) return <Radix.Item asChild className={className}>{children}</Radix.Item>
  if (checked !== undefined) {
    return (
      <Radix.CheckboxItem
        checked={checked}
        onSelect={onSelect}
        disabled={disabled}
        className={className}
      >
        {icon}
        <span className='min-w-0 grow'>{children}</span>
        <span className='size-4'>
          <Radix.ItemIndicator>
            <Check aria-hidden />
          </Radix.ItemIndicator>
        </span>
      </Radix.CheckboxItem>
    )
  }
  return (
    <Radix.Item onSelect={onSelect} disabled={disabled} className={className}>
      {icon}
      <span className='min-w-0 grow'>{children}</span>
    </Radix.Item>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className='px-2.5 pt-2 pb-1 text-xs text-muted'>{children}</Radix.Label>
}

export function MenuSeparator() {
  return <Radix.Separator className='mx-1 my-1 h-px bg-line' />
}
