// What a person sends an admin about a call that only an admin can mend. Pure.

export type Request = {
  tool: string
  server: string | null
  /** Why it failed, a sentence. */
  reason: string
  /** Where an admin sees it: the record of the call, or the team’s servers. */
  link: string
}

export function requestText({ tool, server, reason, link }: Request): string {
  const where = server ? `${tool} in ${server}` : tool
  return [
    `I could not run ${where} in Astra.`,
    sentence(reason),
    '',
    `Could you have a look? ${link}`,
  ].join('\n')
}

/** A mail to all of them, written already (RFC 6068). */
export function mailTo(addresses: string[], { subject, body }: { subject: string; body: string }) {
  const to = addresses.map(encodeURIComponent).join(',')
  return `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`
}

function sentence(text: string): string {
  const trimmed = text.trim()
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
