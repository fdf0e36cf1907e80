// What the bench's own little servers share: a loopback port and a delay.

/** Serves on a free loopback port; gives the origin. */
export function serve(answer: (request: Request) => Promise<Response>): string {
  const listen = { hostname: '127.0.0.1', port: 0, onListen() {} }
  return `http://127.0.0.1:${Deno.serve(listen, answer).addr.port}`
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
