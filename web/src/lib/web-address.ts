// Leaving for another site. An address that came from a server is followed only where it is a web page. Pure.

/** The address as a browser reads it, or null where following it would do something else than open a page. */
export function webAddress(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const plain = url.protocol === 'https:' || url.protocol === 'http:'
  return plain && url.username === '' && url.password === '' ? url.href : null
}
