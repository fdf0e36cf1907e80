// Loopback ports for children.

/** Whether a loopback port can be listened on now. */
export function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: '127.0.0.1', port }).close()
    return true
  } catch {
    return false
  }
}

/** A loopback port nobody listens on, the wanted one when it is free. */
export function freePort(wanted?: number): number {
  if (wanted !== undefined && isFree(wanted)) return wanted
  const listener = Deno.listen({ hostname: '127.0.0.1', port: 0 })
  const { port } = listener.addr
  listener.close()
  return port
}

/** Whether something accepts connections on a loopback port. */
export async function answers(port: number): Promise<boolean> {
  try {
    const connection = await Deno.connect({ hostname: '127.0.0.1', port })
    connection.close()
    return true
  } catch {
    return false
  }
}
