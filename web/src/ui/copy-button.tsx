// Copies a text and says that it did, or that the browser did not let it.
import { useState } from 'react'
import { Check, Copy } from 'lucide-react'
import { IconButton } from './icon-button.tsx'
import { toast } from './toast.tsx'

type Props = { label: string; text: () => string | Promise<string>; className?: string }

export function CopyButton({ label, text, className }: Props) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await text())
      setCopied(true)
      setTimeout(() => setCopied(false), 2_000)
    } catch {
      toast({ tone: 'bad', text: 'Your browser did not let Astra copy this.' })
    }
  }
  return (
    <>
      <IconButton
        label={label}
        icon={copied ? <Check aria-hidden className='text-ok' /> : <Copy aria-hidden />}
        onClick={() => void copy()}
        className={className}
      />
      <output className='sr-only'>{copied ? 'Copied' : ''}</output>
    </>
  )
}
