// The pictures and text files of the message being written: made ready one after another, refused with a reason.
import { useCallback, useRef, useState } from 'react'
import { MOST_FILES } from '@shared/attachment.ts'
import { ATTACHED_CHARACTERS } from '@shared/chat.ts'
import { uuid } from '@/lib/uuid.ts'
import type { AttachedFile } from './drafts.ts'

/** `file` is null while it is made ready. */
export type HeldFile = { id: string; name: string; file: AttachedFile | null }

export function useFiles() {
  const [held, setHeld] = useState<HeldFile[]>([])
  const [refusals, setRefusals] = useState<string[]>([])
  // What is being made ready finds out here what else is there: state would be that of a moment ago.
  const now = useRef<HeldFile[]>([])
  const hold = useCallback((next: HeldFile[]) => {
    now.current = next
    setHeld(next)
  }, [])

  const add = useCallback(async (files: File[]) => {
    setRefusals([])
    const room = MOST_FILES - now.current.length
    if (files.length > room) setRefusals([`A message takes at most ${MOST_FILES} files.`])
    const taken = files.slice(0, Math.max(0, room)).map((file) => ({ id: uuid(), file }))
    hold([...now.current, ...taken.map(({ id, file }) => ({ id, name: file.name, file: null }))])
    // Fetched with the first file: most messages have none.
    const { prepareFile } = await import('./prepare-file.ts')
    for (const { id, file } of taken) {
      const prepared = await prepareFile(file).catch(() => ({
        kind: 'refused' as const,
        why: `“${file.name}” could not be read.`,
      }))
      const others = now.current.filter((one) => one.id !== id)
      if (others.length === now.current.length) continue
      const why = prepared.kind === 'refused' ? prepared.why : tooMuch(others, prepared.file)
      if (why === null && prepared.kind === 'ready') {
        const { file } = prepared
        hold(now.current.map((one) => one.id === id ? { id, name: file.name, file } : one))
        continue
      }
      hold(others)
      setRefusals((before) => [...before, why ?? ''])
    }
  }, [hold])

  return {
    held,
    refusals,
    preparing: held.some(({ file }) => file === null),
    add,
    remove: useCallback((id: string) => hold(now.current.filter((one) => one.id !== id)), [hold]),
    /** Puts back what came from a message. */
    put: useCallback((files: AttachedFile[]) => {
      hold(files.map((file) => ({ id: uuid(), name: file.name, file })))
    }, [hold]),
    /** The files as they are sent; after this nothing is attached. */
    take: useCallback((): AttachedFile[] => {
      const files = now.current.flatMap(({ file }) => file ?? [])
      hold([])
      setRefusals([])
      return files
    }, [hold]),
  }
}

function tooMuch(others: HeldFile[], file: AttachedFile): string | null {
  const all = others.reduce((sum, one) => sum + (one.file?.url.length ?? 0), file.url.length)
  return all > ATTACHED_CHARACTERS ? `“${file.name}” is too much beside the other files.` : null
}
