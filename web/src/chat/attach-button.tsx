// Choosing files to go along: a phone offers its camera, its pictures and its files.
import { useRef } from 'react'
import { Paperclip } from 'lucide-react'
import { IconButton } from '@/ui/icon-button.tsx'
import { accepted } from './file-type.ts'

export function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton
        label='Attach pictures or text files'
        icon={<Paperclip aria-hidden />}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type='file'
        multiple
        hidden
        accept={accepted}
        aria-label='Files to attach'
        onChange={(event) => {
          const files = [...event.target.files ?? []]
          // The same file may be chosen again after it was removed.
          event.target.value = ''
          if (files.length > 0) onFiles(files)
        }}
      />
    </>
  )
}
