// The frame of the screens outside the app: the mark, one column, nothing else.
import type { ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { Logo } from '@/ui/logo.tsx'

export function Entrance(
  { title, subtitle, children }: { title: string; subtitle?: ReactNode; children: ReactNode },
) {
  return (
    <main className='grid min-h-(--app-height) place-items-center px-4 pt-[calc(2rem+var(--safe-top))] pb-[calc(2rem+var(--safe-bottom))]'>
      <div className='w-full max-w-sm'>
        <Logo className='mb-6 size-10' />
        <h1 className='text-xl font-semibold tracking-tight'>{title}</h1>
        {subtitle && <p className='mt-1 text-base text-muted'>{subtitle}</p>}
        <div className='mt-6 flex flex-col gap-4'>{children}</div>
      </div>
    </main>
  )
}

/** The way to the other of the two: an account, or a new one. */
export function OtherDoor(
  { question, to, children }: {
    question: string
    to: '/sign-in' | '/sign-up'
    children: ReactNode
  },
) {
  return (
    <p className='text-sm text-muted'>
      {question}{' '}
      <Link
        to={to}
        // Where one was going is kept.
        search={(now: Record<string, unknown>) => now}
        className='inline-flex min-h-11 items-center font-medium text-accent underline-offset-4 hover:underline'
      >
        {children}
      </Link>
    </p>
  )
}
