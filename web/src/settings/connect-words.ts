// What came of a sign-in at a server, in words. Pure. The codes come back in the address: nothing else of it is shown.

const sentences: Record<string, string> = {
  access_denied: 'The sign-in was declined there. Nothing has changed; you can try again.',
  expired: 'The sign-in took too long. Start it again.',
}

export function connectErrorWords(code: string): string {
  return Object.hasOwn(sentences, code)
    ? sentences[code]!
    : 'The sign-in did not work. Try again; if it fails again, an admin can test the server.'
}
