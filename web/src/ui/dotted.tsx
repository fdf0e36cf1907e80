// Short facts in a line, with dots between them; where the line breaks, no dot is left over.
import { Children, type ReactNode } from 'react'

export function Dotted({ children }: { children: ReactNode }) {
  return (
    <div className='overflow-x-clip text-sm text-muted'>
      <div className='-ml-4 flex flex-wrap items-center gap-y-1'>
        {Children.toArray(children).map((fact, at) => (
          // The first of each line has its dot outside, where it is clipped.
          <span
            key={at}
            className="relative pl-4 before:absolute before:left-1.5 before:content-['·'/'']"
          >
            {fact}
          </span>
        ))}
      </div>
    </div>
  )
}
