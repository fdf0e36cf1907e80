// Copies a text and says that it did.
import { useState } from 'react'
import { Check, Copy } from 'lucide-react'
import { IconButton } from '@/ui/icon-button.tsx'

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <IconButton
      label={copied ? 'Copied' : label}
      icon={copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      onClick={() => void copy()}
      className='-mt-1 -ml-2.5 [&_svg]:!size-4'
    />
  )
}
