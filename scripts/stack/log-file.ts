// Where the output of children and libraries goes: a private file of limited size, new at every start.
import { join } from 'node:path'
import { kept } from './folder.ts'

const largest = 8_000_000

export type LogFile = { write(part: Uint8Array | string): void; close(): void }

/** Opens `logs/<name>.log` in the stack's folder, empty. When full it starts over. */
export function openLog(folder: string, name: string): LogFile {
  const path = join(folder, kept.logs, `${name}.log`)
  const file = Deno.openSync(path, { create: true, truncate: true, write: true, mode: 0o600 })
  const encoder = new TextEncoder()
  let size = 0
  return {
    write(part) {
      const bytes = typeof part === 'string' ? encoder.encode(part) : part
      if (size + bytes.byteLength > largest) {
        file.truncateSync()
        file.seekSync(0, Deno.SeekMode.Start)
        size = 0
      }
      file.writeSync(bytes)
      size += bytes.byteLength
    },
    close: () => file.close(),
  }
}

/** Sends what libraries print to a log: messages only, since a database error's details hold row values. */
export function divertConsole(log: LogFile): void {
  const line = (...parts: unknown[]) => {
    const words = parts.map((part) => part instanceof Error ? part.message : String(part))
    log.write(`${new Date().toISOString()} ${words.join(' ')}\n`)
  }
  Object.assign(console, { log: line, info: line, warn: line, error: line, debug: line })
}
