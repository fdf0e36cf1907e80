// Makes a file from a device ready to come along with a message: pictures are drawn anew, small enough for a model
// and without what a camera wrote into them (place, time, device); texts are checked to be text.
import { fileText, TEXT_FILE_BYTES } from '@shared/attachment.ts'
import { formatNumber } from '@/lib/format.ts'
import type { AttachedFile } from './drafts.ts'
import { fileType } from './file-type.ts'

/** The longer side of a picture; models look at no more. */
const mostPixels = 1_568
/** A drawing or a screenshot stays sharp as PNG as long as it stays this small. */
const mostPngBytes = 700_000
const mostFileBytes = 40_000_000

export type Prepared = { kind: 'ready'; file: AttachedFile } | { kind: 'refused'; why: string }

export async function prepareFile(file: File): Promise<Prepared> {
  const type = fileType(file)
  if (!type) return refused(`“${file.name}” is neither a picture nor a text file.`)
  if (file.size === 0) return refused(`“${file.name}” is empty.`)
  return type.kind === 'picture'
    ? await preparePicture(file)
    : await prepareText(file, type.mediaType)
}

function refused(why: string): Prepared {
  return { kind: 'refused', why }
}

async function prepareText(file: File, mediaType: string): Promise<Prepared> {
  if (file.size > TEXT_FILE_BYTES) {
    return refused(
      `“${file.name}” is larger than ${
        formatNumber(TEXT_FILE_BYTES / 1_000)
      } kB, the most for a text file.`,
    )
  }
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (fileText(bytes) === null) return refused(`“${file.name}” is not text inside.`)
  return ready(file.name, new Blob([bytes], { type: mediaType }))
}

async function preparePicture(file: File): Promise<Prepared> {
  if (file.size > mostFileBytes) return refused(`“${file.name}” is too large.`)
  const drawn = await draw(file)
  if (!drawn) return refused(`“${file.name}” is no picture this browser can read.`)
  const png = file.type === 'image/jpeg' ? null : await encoded(drawn, 'image/png')
  const small = png && png.size <= mostPngBytes ? png : await encoded(drawn, 'image/jpeg')
  if (!small) return refused(`“${file.name}” could not be made smaller here.`)
  return ready(named(file.name, small.type), small)
}

async function draw(file: File): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return null
  }
}

async function encoded(picture: ImageBitmap, type: 'image/png' | 'image/jpeg') {
  const { width, height } = picture
  const scale = Math.min(1, mostPixels / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const pen = canvas.getContext('2d')
  if (!pen) return null
  // JPEG knows nothing see-through and would make it black.
  if (type === 'image/jpeg') {
    pen.fillStyle = '#fff'
    pen.fillRect(0, 0, canvas.width, canvas.height)
  }
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.85))
}

/** `IMG_1.HEIC` becomes `IMG_1.jpg`: a name says what is inside. Pasted pictures have none of their own. */
function named(name: string, type: string): string {
  const stem = name.replace(/\.[^.]*$/, '') || 'picture'
  return `${stem}.${type === 'image/png' ? 'png' : 'jpg'}`
}

async function ready(name: string, content: Blob): Promise<Prepared> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'))
    reader.readAsDataURL(content)
  })
  return { kind: 'ready', file: { name: name.slice(0, 200), mediaType: content.type, url } }
}
