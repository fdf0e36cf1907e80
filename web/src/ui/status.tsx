// A state as an icon and a word, never as colour alone.
import type { ReactNode } from 'react'
import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  Info,
  LoaderCircle,
  TriangleAlert,
} from 'lucide-react'
import { cx } from '@/lib/classes.ts'

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'muted' | 'busy'

const icons = {
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  info: Info,
  muted: CircleDashed,
  busy: LoaderCircle,
}
const colors: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  muted: 'text-muted',
  busy: 'text-info',
}

type Props = { tone: Tone; icon?: ReactNode; className?: string; children: ReactNode }

export function Status({ tone, icon, className, children }: Props) {
  const Icon = icons[tone]
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 text-sm whitespace-nowrap [&_svg]:size-4 [&_svg]:shrink-0',
        colors[tone],
        className,
      )}
    >
      {icon ?? (
        <Icon
          aria-hidden
          className={tone === 'busy' ? 'animate-spin motion-reduce:animate-none' : ''}
        />
      )}
      {children}
    </span>
  )
}
