// Where files can be let go: the whole conversation, which says so while one is held over it.
import { type DragEvent, type ReactNode, useState } from 'react'
import { ImagePlus } from 'lucide-react'

type Props = { onFiles: (files: File[]) => void; children: ReactNode }

export function DropArea({ onFiles, children }: Props) {
  /** Entering a child comes before leaving its parent: both are counted. */
  const [depth, setDepth] = useState(0)
  const enter = (by: number) => setDepth((before) => Math.max(0, before + by))
  const withFiles = (act: (event: DragEvent) => void) => (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    act(event)
  }
  return (
    <div
      className='relative flex h-full flex-col'
      onDragEnter={withFiles(() => enter(1))}
      onDragLeave={withFiles(() => enter(-1))}
      onDragOver={withFiles((event) => {
        event.dataTransfer.dropEffect = 'copy'
      })}
      onDrop={withFiles((event) => {
        setDepth(0)
        onFiles([...event.dataTransfer.files])
      })}
    >
      {children}
      {depth > 0 && (
        <p className='pointer-events-none absolute inset-2 z-30 flex animate-appear flex-col items-center justify-center gap-2 rounded-card border-2 border-dashed border-accent bg-bg/90 text-base font-medium'>
          <ImagePlus aria-hidden className='size-6 text-accent' />
          Drop pictures or text files here
        </p>
      )}
    </div>
  )
}
