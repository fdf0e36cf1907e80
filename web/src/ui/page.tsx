// The frame of an ordinary page: title, actions, one scrolling column.
import { createContext, type ReactNode, useContext } from 'react'
import { cx } from '@/lib/classes.ts'

type Props = {
  title: ReactNode
  /** Above the title: where this page belongs. */
  back?: ReactNode
  subtitle?: ReactNode
  actions?: ReactNode
  wide?: boolean
  children: ReactNode
}

/** What the frame puts into the top right corner of every page on a phone. */
export const PageCorner = createContext<ReactNode>(null)

export function Page({ title, back, subtitle, actions, wide, children }: Props) {
  return (
    <div className='relative h-full overflow-y-auto overscroll-contain'>
      <div
        className={cx('mx-auto px-4 pt-4 pb-12 lg:px-8 lg:pt-8', wide ? 'max-w-6xl' : 'max-w-4xl')}
      >
        {back && (
          <div className='-mt-2.5 mb-2 flex items-center justify-between gap-2 text-sm lg:mt-0'>
            {back}
            <Cornered />
          </div>
        )}
        <header className='mb-4 flex items-start gap-2 lg:mb-6'>
          <div className='flex min-w-0 grow flex-wrap items-center gap-x-4 gap-y-2'>
            <div className='min-w-0 grow basis-48'>
              <h1 className='text-lg font-semibold tracking-tight'>{title}</h1>
              {subtitle && <div className='mt-0.5 text-sm text-muted'>{subtitle}</div>}
            </div>
            {actions && <div className='flex flex-wrap gap-2'>{actions}</div>}
          </div>
          {!back && <Cornered className='-mt-2.5' />}
        </header>
        {children}
      </div>
    </div>
  )
}

/** Its picture, smaller than its box, ends where the page's content ends. */
function Cornered({ className }: { className?: string }) {
  const corner = useContext(PageCorner)
  return corner && <div className={cx('-mr-1.5 shrink-0', className)}>{corner}</div>
}

/** A titled part of a page. */
export function Section(
  { title, actions, children }: { title: ReactNode; actions?: ReactNode; children: ReactNode },
) {
  return (
    <section className='mt-8 first:mt-0'>
      <header className='mb-3 flex flex-wrap items-center gap-2'>
        <h2 className='min-w-0 grow text-base font-semibold'>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  )
}

/** A bordered box for one thing. */
export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div className={cx('rounded-card border border-line bg-raised', className)}>{children}</div>
  )
}

/** The same corner for pages that draw their own head. */
export function Corner() {
  return useContext(PageCorner)
}
