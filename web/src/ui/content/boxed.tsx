// One thing inside a result that is a thing of its own: a file, a link, a resource.
import type { ReactNode } from 'react'

type BoxedProps = { icon: ReactNode; title: ReactNode; detail?: string; children?: ReactNode }

export function Boxed({ icon, title, detail, children }: BoxedProps) {
  return (
    <div className='flex gap-3 rounded-card border border-line bg-raised p-3'>
      <span className='mt-0.5 text-muted [&_svg]:size-5'>{icon}</span>
      <div className='min-w-0 grow'>
        <p className='font-medium'>
          {title}
          {detail && <span className='ml-2 text-sm font-normal text-muted'>{detail}</span>}
        </p>
        {children}
      </div>
    </div>
  )
}
