// One key for a tool across servers, `server_slug__tool_name`, so that equal names never meet.
// Routed by known keys only, never by splitting: tool names may contain `__` themselves.

/** Lower-case letters, digits, `-` and `_`; at most 32 characters; never empty. */
export function slug(serverName: string): string {
  const plain = serverName.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_')
  return plain.replace(/^_+|_+$/g, '').slice(0, 32) || 'server'
}

type Named = { server_id: string; server_name: string; tool_name: string }

/**
 * Gives every tool its key. Providers accept `[A-Za-z0-9_-]{1,64}`, so other characters become `_`;
 * keys that collide get `_2`, `_3` … in the order given. Sort the tools first for stable keys.
 */
export function toolKeys<T extends Named>(tools: T[]): Map<string, T> {
  const keyed = new Map<string, T>()
  for (const tool of tools) {
    const base = `${slug(tool.server_name)}__${tool.tool_name}`.replace(/[^A-Za-z0-9_-]/g, '_')
      .slice(0, 60)
    let key = base
    for (let n = 2; keyed.has(key); n++) key = `${base}_${n}`
    keyed.set(key, tool)
  }
  return keyed
}
