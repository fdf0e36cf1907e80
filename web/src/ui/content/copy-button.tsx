// Copies a text and says that it did.
import { useState } from 'react'
import { Check, Copy } from 'lucide-react'
import { IconButton } from '@/ui/icon-button.tsx'
import { toast } from '@/ui/toast.tsx'

type Props = { label: string; text: () => string | Promise<string> }

export function CopyButton({ label, text }: Props) {
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
      />
      <output className='sr-only'>{copied ? 'Copied' : ''}</output>
    </>
  )
}
