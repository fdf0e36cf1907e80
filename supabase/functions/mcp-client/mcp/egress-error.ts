// How an outgoing request fails. Messages are our own sentences: never upstream text, never a URL.

export type EgressReason =
  | 'address_refused'
  | 'unresolvable'
  | 'redirected'
  | 'too_large'
  | 'timeout'
  | 'unreachable'
  | 'protocol'

const megabyte = 1024 * 1024

export class EgressError extends Error {
  override readonly name = 'EgressError'

  /** `sent` is false only when the request provably never left. */
  constructor(readonly reason: EgressReason, message: string, readonly sent = false) {
    super(message)
  }

  static tooLarge(max: number): EgressError {
    const limit = max >= megabyte ? `${Math.floor(max / megabyte)} MiB` : `${max} bytes`
    return new EgressError('too_large', `The server’s answer is larger than ${limit}`, true)
  }

  static tooMany(): EgressError {
    return new EgressError('too_large', 'The server sends more events than can be followed', true)
  }

  static tooManyValues(): EgressError {
    return new EgressError('too_large', 'The server’s answer holds too many values', true)
  }

  static timeout(): EgressError {
    return new EgressError('timeout', 'The server did not answer in time', true)
  }

  /**
   * Reads a failed fetch. The runtime’s text is looked at, never shown: it contains the whole URL.
   * A failure while connecting proves that nothing was sent; any other leaves it open.
   */
  static ofFailedFetch(error: unknown): EgressError {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : ''
    const text = error instanceof Error ? `${error.message} ${cause}` : ''
    const connecting = /client error \(Connect\)|tcp connect error|dns error/i.test(text)
    if (/dns error/i.test(text)) {
      return new EgressError('unresolvable', 'The server’s name could not be found')
    }
    if (/certificate/i.test(text)) {
      return new EgressError('unreachable', 'The server’s TLS certificate is not valid')
    }
    if (/connection refused/i.test(text)) {
      return new EgressError('unreachable', 'Nothing answers at the server’s address')
    }
    if (connecting) return new EgressError('unreachable', 'The server could not be reached')
    return new EgressError('unreachable', 'The connection to the server broke', true)
  }
}
