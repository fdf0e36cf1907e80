// A red picture, seven wide and five high, in every format that may come along with a message. In base64.
import { Buffer } from 'node:buffer'

export const pictures = {
  'image/png':
    'iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFCAIAAAAG+GGPAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEUlEQVQI12M4IWeDiRhoJAoAmLQnp1WvITUAAAAASUVORK5CYII=',
  'image/gif': 'R0lGODlhBwAFAIAAAExpccgePCH5BAUAAAAALAAAAAAHAAUAAAIFjI+puwUAOw==',
  'image/webp': 'UklGRjIAAABXRUJQVlA4ICYAAABwAQCdASoHAAUABUB8JaACdAFAAAD+5fntIfZ/8EF+IP1BqAAAAA==',
  'image/jpeg':
    '/9j/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/2wBDASstLTw1PHZBQXb4pYyl+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj/wAARCAAFAAcDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAgT/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYAF7/2Q==',
} as const

/** The two other ways a WebP may begin: lossless, and with more to it than pixels. */
export const furtherWebp = [
  'UklGRh4AAABXRUJQVlA4TBEAAAAvBgABAAdQjyKXp/+BiOh/AAA=',
  'UklGRlYAAABXRUJQVlA4WAoAAAAQAAAABgAABAAAQUxQSAoAAAABB1DAiAhERP8DVlA4ICYAAABwAQCdASoHAAUABUB8JaACdAFAAAD+5fntIfZ/8EF+IP1BqAAAAA==',
]

export function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** A file as it travels. */
export function filePart(filename: string, mediaType: string, content: string) {
  return { type: 'file' as const, filename, mediaType, url: `data:${mediaType};base64,${content}` }
}
