// What came of a sign-in at a server, in words. Pure. The codes come back in the address: nothing else of it is shown.

const sentences: Record<string, string> = {
  declined: 'The sign-in was declined there. Nothing has changed; you can try again.',
  expired: 'The sign-in took too long. Start it again.',
  not_allowed: 'This sign-in was no longer yours to finish. Ask an admin of your team.',
  server_changed: 'The server was changed during the sign-in. Start it again.',
  unreachable: 'The server’s sign-in did not answer. Try again later.',
  client_refused:
    'The server’s sign-in did not accept Astra as its client. Try again; an admin can also enter one registered by hand.',
  wrong_issuer:
    'The answer came in another sign-in’s name, so Astra stopped it. Whoever runs the server should know.',
  internal: 'Something went wrong on Astra’s side. Try again.',
}

export function connectErrorWords(code: string): string {
  return Object.hasOwn(sentences, code)
    ? sentences[code]!
    : 'The sign-in did not work. Try again; if it fails again, an admin can test the server.'
}

/** What helps where a sign-in could not even begin: by the reason the function gives. */
export function remedyOf(details: unknown): 'key' | 'client' | null {
  const reason = details && typeof details === 'object' && 'reason' in details && details.reason
  if (reason === 'not_offered') return 'key'
  return reason === 'client_needed' || reason === 'client_refused' ? 'client' : null
}
