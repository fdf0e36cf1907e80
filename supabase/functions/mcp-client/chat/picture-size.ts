// How large a picture says it is, read from its first bytes: enough to know that it is one, and of which kind.
// Nothing is unpacked here.

export type PictureSize = { width: number; height: number }
type Reader = (bytes: Uint8Array, view: DataView) => PictureSize | null

const readers: Record<string, Reader> = {
  'image/png': pngSize,
  'image/gif': gifSize,
  'image/webp': webpSize,
  'image/jpeg': jpegSize,
}
/** The shortest beginning in which each kind has said its size; JPEG looks for itself. */
const BEGINNING = 30

/** Null when these bytes are no picture of this media type. */
export function pictureSize(bytes: Uint8Array, mediaType: string): PictureSize | null {
  if (bytes.length < BEGINNING) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = readers[mediaType]?.(bytes, view) ?? null
  return size && size.width > 0 && size.height > 0 ? size : null
}

function tag(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}

/** PNG (third edition) §5.2 and §11.2.1. */
function pngSize(bytes: Uint8Array, view: DataView): PictureSize | null {
  if (tag(bytes, 0, 8) !== '\x89PNG\r\n\x1a\n' || tag(bytes, 12, 16) !== 'IHDR') return null
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

function gifSize(bytes: Uint8Array, view: DataView): PictureSize | null {
  if (!['GIF87a', 'GIF89a'].includes(tag(bytes, 0, 6))) return null
  return { width: view.getUint16(6, true), height: view.getUint16(8, true) }
}

/** RFC 9649 §2: the first chunk is lossy, lossless or extended. */
function webpSize(bytes: Uint8Array, view: DataView): PictureSize | null {
  if (tag(bytes, 0, 4) !== 'RIFF' || tag(bytes, 8, 12) !== 'WEBP') return null
  switch (tag(bytes, 12, 16)) {
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    case 'VP8L': {
      const bits = view.getUint32(21, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
      }
    default:
      return null
  }
}

/** ITU-T T.81 annex B: segments follow one another until a frame says its size. */
function jpegSize(bytes: Uint8Array, view: DataView): PictureSize | null {
  if (tag(bytes, 0, 3) !== '\xff\xd8\xff') return null
  let at = 2
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++
      continue
    }
    if (isFrame(marker)) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    const length = view.getUint16(at + 2)
    if (length < 2) return null
    at += 2 + length
  }
  return null
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}
