// Pictures and sounds that came inside a result. Nothing here is ever fetched from elsewhere.
import { useState } from 'react'
import { Download, ImageOff, Maximize2 } from 'lucide-react'
import { LargePicture } from './large-picture.tsx'

export type PictureProps = { source: string; alt: string; fileName: string }

export function Picture({ source, alt, fileName }: PictureProps) {
  const [broken, setBroken] = useState(false)
  const [large, setLarge] = useState(false)
  if (broken) {
    return (
      <p className='flex items-center gap-2 text-sm text-muted'>
        <ImageOff aria-hidden className='size-4' />
        {alt}: the tool sent a picture that cannot be read.
      </p>
    )
  }
  return (
    <figure className='w-fit max-w-full'>
      <button
        type='button'
        onClick={() => setLarge(true)}
        className='group relative block min-h-control max-w-full min-w-11 cursor-zoom-in rounded-control'
      >
        <img
          src={source}
          alt={alt}
          onError={() => setBroken(true)}
          className='max-h-96 max-w-full rounded-control border border-line bg-surface object-contain'
        />
        <span className='sr-only'>Open large</span>
        <Maximize2
          aria-hidden
          className='absolute top-2 right-2 hidden size-7 rounded-control bg-raised p-1.5 group-hover:block group-focus-visible:block'
        />
      </button>
      <figcaption className='flex items-center gap-3 text-sm text-muted'>
        <span className='min-w-0 truncate'>{alt}</span>
        <SaveLink source={source} fileName={fileName} />
      </figcaption>
      {large && <LargePicture {...{ source, alt, fileName }} onClose={() => setLarge(false)} />}
    </figure>
  )
}

export function SaveLink({ source, fileName }: { source: string; fileName: string }) {
  return (
    <a
      href={source}
      download={fileName}
      className='inline-flex min-h-control items-center gap-1.5 text-accent'
    >
      <Download aria-hidden className='size-4' />
      Save
      <span className='sr-only'>{fileName}</span>
    </a>
  )
}

export function Sound({ source, label }: { source: string; label: string }) {
  return (
    <figure>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- a tool sends sound without captions */}
      <audio
        controls
        preload='metadata'
        src={source}
        aria-label={label}
        className='w-full max-w-md'
      />
      <figcaption className='mt-1 text-sm text-muted'>{label}</figcaption>
    </figure>
  )
}
