// Counts what reaches a fixture server, by HTTP and by JSON-RPC method.

export type Seen = {
  http: string
  rpc: string | null
  params: Record<string, unknown> | null
  headers: Headers
}

export class Recorder {
  readonly seen: Seen[] = []

  /** Records a request and gives it back unread. */
  async note(request: Request): Promise<Request> {
    const body = request.body ? await request.text() : ''
    this.add(request.method, body, request.headers)
    const { method, headers, signal } = request
    return new Request(request.url, { method, headers, signal, body: body || null })
  }

  add(http: string, body: string, headers: Headers): void {
    const said = (body ? JSON.parse(body) : {}) as Partial<
      { method: string; params: Seen['params'] }
    >
    const { method: rpc = null, params = null } = said
    this.seen.push({ http, rpc, params, headers: new Headers(headers) })
  }

  /** How often a JSON-RPC method, or an HTTP method without a body, was asked for. */
  count(method: string): number {
    return this.seen.filter((one) => one.rpc === method || (!one.rpc && one.http === method)).length
  }

  clear(): void {
    this.seen.length = 0
  }
}
