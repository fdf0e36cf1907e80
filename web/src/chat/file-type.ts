// What a file from a device is: a picture, a text, or nothing that can come along. By its name and what the browser says. Pure.
import { fileKind } from '@shared/attachment.ts'

const byEnding: Record<string, string> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  md: 'text/markdown',
  markdown: 'text/markdown',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  ndjson: 'application/x-ndjson',
  geojson: 'application/json',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  toml: 'application/toml',
  sql: 'application/sql',
}
/** Code and what lies beside it. Systems name these types differently, and `.ts` is a film to some. */
const plain = new Set(
  ('txt log text ini cfg conf env properties diff patch tex bib rst adoc svg html htm css scss less vue svelte ' +
    'js mjs cjs jsx ts mts cts tsx py rb php pl lua r jl java kt kts scala groovy gradle go rs swift c h cc cpp ' +
    'hpp cs fs m mm dart ex exs erl hs clj elm zig nim sh bash zsh fish ps1 bat tf hcl proto graphql gql ' +
    'dockerfile makefile gitignore editorconfig srt vtt ics vcf').split(' '),
)
const endless = /^(?:dockerfile|makefile|license|readme|changelog|procfile)$/i

export type FileType = { kind: 'picture' } | { kind: 'text'; mediaType: string }

/** Null for what is neither. A picture may be of any kind the browser can draw: it is drawn anew. */
export function fileType({ name, type }: { name: string; type: string }): FileType | null {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  const known = byEnding[ending]
  if (known) return { kind: 'text', mediaType: known }
  if (plain.has(ending) || endless.test(name)) return { kind: 'text', mediaType: 'text/plain' }
  const said = type.split(';')[0]!.trim().toLowerCase()
  if (said.startsWith('image/')) return { kind: 'picture' }
  return fileKind(said) === 'text' ? { kind: 'text', mediaType: said } : null
}

/** What the file dialog offers. Phones take it as leave to use the camera. */
export const accepted = [
  'image/*',
  'text/*',
  ...Object.keys(byEnding).map((ending) => `.${ending}`),
  ...[...plain].map((ending) => `.${ending}`),
].join(',')
