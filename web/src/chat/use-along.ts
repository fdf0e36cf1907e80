// What goes along with the message being written: files, attached resources, and the prompt its words came from.
import { useState } from 'react'
import { uuid } from '@/lib/uuid.ts'
import type { PromptSource } from './attachments.tsx'
import type { Unsent } from './drafts.ts'
import { mostQuotes, type Quote, readQuote, writeQuote } from './quote.ts'
import { useFiles } from './use-files.ts'

export function useAlong() {
  const [source, setSource] = useState<PromptSource | null>(null)
  const [quotes, setQuotes] = useState<Quote[]>([])
  const files = useFiles()
  const forgetSource = () => setSource(null)
  return {
    setSource,
    forgetSource,
    /** False when no more fits. What was attached before is replaced by how it is now. */
    attach: (quote: Quote): boolean => {
      const others = quotes.filter(({ uri, server_name }) =>
        uri !== quote.uri || server_name !== quote.server_name
      )
      if (others.length >= mostQuotes) return false
      setQuotes([...others, quote])
      return true
    },
    /** The attachments as they are sent; after this nothing is attached. */
    take: () => {
      setQuotes([])
      setSource(null)
      return {
        quotes: quotes.map((quote) => writeQuote(quote, uuid())),
        files: files.take(),
      }
    },
    /** What went along with a message that is written once more after all. */
    restore: ({ quotes = [], files: held = [] }: Pick<Unsent, 'quotes' | 'files'>) => {
      setQuotes(quotes.flatMap((written) => readQuote(written) ?? []))
      files.put(held)
    },
    files,
    shown: {
      source,
      quotes,
      onForgetSource: forgetSource,
      onDetach: (quote: Quote) => setQuotes(quotes.filter((one) => one !== quote)),
      files,
    },
  }
}
