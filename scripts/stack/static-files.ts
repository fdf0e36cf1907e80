// The built web app: files from one folder and nothing outside it, the shell for every other path, and
// the headers that keep foreign scripts, frames and connections out of it.
import { extname, join } from 'node:path'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

const policy = [
  `default-src 'none'`,
  `script-src 'self'`,
  // Components set their positions in style elements; styles cannot run code or reach other hosts here.
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data: blob:`,
  `media-src 'self' data: blob:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `worker-src 'self'`,
  `manifest-src 'self'`,
  `frame-ancestors 'none'`,
  `base-uri 'none'`,
  `form-action 'self'`,
].join('; ')

export const siteHeaders = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/** Gives the handler that serves a folder. Paths without a file get the shell, index.html. */
export function serveFolder(folder: string): (request: Request, url: URL) => Promise<Response> {
  return async (request, url) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response('Method not allowed\n', { status: 405, headers: { allow: 'GET, HEAD' } })
    }
    const path = filePath(url.pathname)
    if (path === null) return plain(400, 'Bad path\n')
    const found = await readFile(folder, path)
    if (found) return await answer(request, path, found)
    // A missing script or image must not look like a page.
    if (extname(path) !== '' && path !== 'index.html') return plain(404, 'Not found\n')
    const shell = await readFile(folder, 'index.html')
    return shell
      ? await answer(request, 'index.html', shell)
      : plain(503, 'The web app is not built.\n')
  }
}

/** The file a URL path means, relative to the folder; null when it tries to leave it. */
export function filePath(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname)
    const parts = path.split('/').filter(Boolean)
    const isHostile = parts.some((part) => part.startsWith('.') || /[\0\\]/.test(part))
    return isHostile ? null : parts.join('/') || 'index.html'
  } catch {
    return null
  }
}

type Found = { bytes: Uint8Array<ArrayBuffer>; tag: string }

async function readFile(folder: string, path: string): Promise<Found | null> {
  const whole = join(folder, path)
  try {
    const { isFile, size, mtime } = await Deno.stat(whole)
    if (!isFile) return null
    return {
      bytes: await Deno.readFile(whole),
      tag: `"${size.toString(36)}-${(mtime?.getTime() ?? 0).toString(36)}"`,
    }
  } catch {
    return null
  }
}

/** Text takes a third of the way when packed; what is packed already, none. */
const packable = /^(text\/|application\/(json|manifest)|image\/svg)/
/** Each version of a file is packed once. */
const packed = new Map<string, Promise<Found>>()

function packedOf(path: string, { bytes, tag }: Found): Promise<Found> {
  const key = `${path} ${tag}`
  const found = packed.get(key) ?? pack({ bytes, tag })
  packed.set(key, found)
  return found
}

async function pack({ bytes, tag }: Found): Promise<Found> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return { bytes: await new Response(stream).bytes(), tag: tag.replace(/"$/, '-gz"') }
}

async function answer(request: Request, path: string, found: Found): Promise<Response> {
  const type = types[extname(path)] ?? 'application/octet-stream'
  const packs = packable.test(type) &&
    /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
  const { bytes, tag } = packs ? await packedOf(path, found) : found
  const headers = {
    ...siteHeaders,
    'content-type': type,
    'cache-control': isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(packable.test(type) && { vary: 'accept-encoding' }),
    ...(packs && { 'content-encoding': 'gzip' }),
    etag: tag,
  }
  if (request.headers.get('if-none-match') === tag) {
    return new Response(null, { status: 304, headers })
  }
  if (request.method !== 'HEAD') return new Response(bytes, { headers })
  return new Response(null, { headers: { ...headers, 'content-length': String(bytes.byteLength) } })
}

/** Vite names what it puts in assets/ by content, so such a name never changes its meaning. */
function isHashed(path: string): boolean {
  return path.startsWith('assets/')
}

function plain(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { ...siteHeaders, 'content-type': 'text/plain; charset=utf-8' },
  })
}
