// Decides how each part of a tool's result is shown. Pure; everything in a result is a stranger's and is checked here.
import { hashKey } from '@tanstack/react-query'
import type { ToolResult } from '@shared/execution.ts'
import { isRecord } from '@shared/json.ts'

export type View =
  /** `structured`: by the schema of its tool’s output. */
  | { kind: 'value'; value: unknown; structured?: true }
  | { kind: 'markdown'; text: string }
  | { kind: 'text'; text: string; aligned: boolean }
  | { kind: 'image'; source: string; alt: string; fileName: string }
  | { kind: 'audio'; source: string; label: string }
  | { kind: 'link'; title: string; uri: string; description: string | null; detail: string }
  | { kind: 'resource'; title: string; uri: string; views: View[] }
  | { kind: 'file'; title: string; source: string; bytes: number }
  | { kind: 'unknown'; type: string; value: unknown }

type Block = Record<string, unknown>

/** Longer texts are shown as they are: parsing them would hold up the page. */
const longestJson = 2_000_000
const longestMarkdown = 60_000

const images = /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml)$/
const audios = /^audio\/[a-z0-9.+-]{1,40}$/
const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/

/** Structured content first, said once: servers repeat it as JSON text for older clients. */
export function viewsOf(result: ToolResult): View[] {
  const { structuredContent } = result
  const structured = structuredContent !== undefined && structuredContent !== null
  const repeated = structured ? sameForAnyOrder(structuredContent) : null
  const blocks = result.content.filter((block) => !repeats(block, repeated))
  const views = blocks.map((block) => viewOf(block, blocks))
  return structured
    ? [{ kind: 'value', value: structuredContent, structured: true }, ...views]
    : views
}

/** Whoever asked for an address (`of`) knows what it is: what came from it goes by the name they gave it. */
export function withoutHeading(
  views: View[],
  { of, name }: { of: string | undefined; name: string },
): View[] {
  if (of === undefined) return views
  return views.flatMap((view) => {
    if (view.kind === 'resource' && view.uri === of) return view.views
    return view.kind === 'file' && view.title === of ? [{ ...view, title: name }] : [view]
  })
}

function repeats(block: Block, repeated: string | null): boolean {
  if (repeated === null || block.type !== 'text' || typeof block.text !== 'string') return false
  const value = parsed(block.text)
  return value !== undefined && sameForAnyOrder(value) === repeated
}

/** Equal for equal values: stored results come back with their keys in another order. */
function sameForAnyOrder(value: unknown): string | null {
  try {
    return hashKey([value])
  } catch {
    // Nested too deeply to be compared.
    return null
  }
}

function viewOf(block: Block, all: Block[]): View {
  const unknown: View = { kind: 'unknown', type: String(block.type).slice(0, 60), value: block }
  switch (block.type) {
    case 'text':
      return typeof block.text === 'string' ? textView(block.text, null) : unknown
    case 'image':
      return mediaView(block.data, block, numbered('Image', block, all)) ?? unknown
    case 'audio':
      return mediaView(block.data, block, numbered('Sound', block, all)) ?? unknown
    case 'resource_link':
      return linkView(block) ?? unknown
    case 'resource':
      return resourceView(block.resource) ?? unknown
    default:
      return unknown
  }
}

/** `Image`, or `Image 2` where there are several. */
function numbered(word: string, block: Block, all: Block[]): string {
  const alike = all.filter(({ type }) => type === block.type)
  return alike.length > 1 ? `${word} ${alike.indexOf(block) + 1}` : word
}

function textView(text: string, mimeType: string | null): View {
  const value = parsed(text)
  if (value !== undefined) return { kind: 'value', value }
  const markdown = mimeType === 'text/markdown' || (mimeType === null && looksLikeMarkdown(text))
  if (markdown && text.length <= longestMarkdown) return { kind: 'markdown', text }
  return { kind: 'text', text, aligned: /\S {3,}\S|\t/.test(text.slice(0, 5_000)) }
}

/** Objects and lists only: a bare number or a quoted word reads better as it was sent. */
function parsed(text: string): unknown {
  if (text.length > longestJson || !/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const markdownSigns = [
  /^#{1,6} \S/m,
  /^\s*[-*+] \S.*\n\s*[-*+] \S/m,
  /^\s*\d+\. \S.*\n\s*\d+\. \S/m,
  /^```/m,
  /^\|.*\|\s*\n\|[\s:|-]+\|/m,
  /\*\*[^*\n]+\*\*/,
  /\[[^\]\n]+\]\([^)\s]+\)/,
  /^> \S/m,
  /`[^`\n]+`/,
]

/** Marks within marks, deeper than anyone writes: reading them takes longer with every one. */
const tooDeep = /(?:>[ \t]*){50}|(?:[-*+] +){50}|(?:\d+[.)] +){50}|\[{50}|[*_]{200}/

function looksLikeMarkdown(text: string): boolean {
  const start = text.slice(0, 5_000)
  return markdownSigns.some((sign) => sign.test(start)) && !tooDeep.test(text)
}

/** Only data that came with the result, only as kinds that cannot run or fetch anything. */
function mediaView(data: unknown, described: Block, fallback: string): View | null {
  const mimeType = String(described.mimeType).toLowerCase()
  if (typeof data !== 'string' || !base64.test(data)) return null
  const name = firstText(described.title, described.name, described.alt) ?? fallback
  const source = `data:${mimeType};base64,${data}`
  if (images.test(mimeType)) {
    const ending = mimeType.slice(6).replace('+xml', '').replace('jpeg', 'jpg')
    return { kind: 'image', source, alt: name, fileName: `${fileWords(name)}.${ending}` }
  }
  return audios.test(mimeType) ? { kind: 'audio', source, label: name } : null
}

function linkView(block: Block): View | null {
  const { uri, size } = block
  if (typeof uri !== 'string') return null
  const detail = [
    firstText(block.mimeType),
    typeof size === 'number' && Number.isFinite(size) ? byteWords(size) : null,
  ]
  return {
    kind: 'link',
    uri,
    title: firstText(block.title, block.name) ?? uri,
    description: firstText(block.description),
    detail: detail.filter(Boolean).join(' · '),
  }
}

function resourceView(resource: unknown): View | null {
  if (!isRecord(resource)) return null
  const { uri, text, blob, mimeType, title, name } = resource
  const address = typeof uri === 'string' ? uri : ''
  const heading = firstText(title, name) ?? (address || 'Resource')
  if (typeof text === 'string') {
    const views = [textView(text, typeof mimeType === 'string' ? mimeType : null)]
    return { kind: 'resource', title: heading, uri: address, views }
  }
  if (typeof blob !== 'string' || !base64.test(blob)) return null
  const media = mediaView(blob, { mimeType, title: heading }, heading)
  if (media) return { kind: 'resource', title: heading, uri: address, views: [media] }
  // Of no kind the page shows: saved as bytes, so that nothing opens it here.
  const source = `data:application/octet-stream;base64,${blob}`
  return { kind: 'file', title: heading, source, bytes: Math.floor(blob.length * 3 / 4) }
}

/** The address of a link a person may follow, else null: it is shown as text. */
export function webAddress(uri: string): string | null {
  if (!URL.canParse(uri)) return null
  const { protocol, href } = new URL(uri)
  return protocol === 'https:' || protocol === 'http:' ? href : null
}

export function byteWords(bytes: number): string {
  const unit = bytes < 1_000 ? 'byte' : bytes < 1_000_000 ? 'kilobyte' : 'megabyte'
  const size = { byte: 1, kilobyte: 1_000, megabyte: 1_000_000 }[unit]
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / size)
}

function firstText(...candidates: unknown[]): string | null {
  const found = candidates.find((one) => typeof one === 'string' && one.trim() !== '')
  return typeof found === 'string' ? found.trim().slice(0, 300) : null
}

function fileWords(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '').slice(0, 60) || 'image'
}
