// One key for a tool across servers, `server_slug__tool_name`, so that equal names never meet.
// Routed by known keys only, never by splitting: tool names may contain `__` themselves.

/** Lower-case letters, digits, `-` and `_`; at most 32 characters; never empty. */
function slug(serverName: string): string {
  const plain = serverName.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_')
  return plain.replace(/^_+|_+$/g, '').slice(0, 32) || 'server'
}

type Listed = { server_id: string; tool_name: string }
type Named = { server_name: string; tool_name: string }

/**
 * Gives the tools of the named servers their keys, in the order of server names, then tool names; tools
 * of other servers are left out. The chat door and the screen both ask here, so equal rows in any order
 * give equal keys. Providers accept `[A-Za-z0-9_-]{1,64}`: other characters become `_`, and keys that
 * collide get `_2`, `_3` …
 */
export function keyedTools<T extends Listed>(
  tools: T[],
  serverNames: Map<string, string>,
): Map<string, T & { server_name: string }> {
  const usable = tools.flatMap((tool) => {
    const server_name = serverNames.get(tool.server_id)
    return server_name === undefined ? [] : [{ ...tool, server_name }]
  })
  const keyed = new Map<string, T & { server_name: string }>()
  for (const tool of usable.sort(byServerThenTool)) {
    const base = `${slug(tool.server_name)}__${tool.tool_name}`.replace(/[^A-Za-z0-9_-]/g, '_')
      .slice(0, 60)
    let key = base
    for (let n = 2; keyed.has(key); n++) key = `${base}_${n}`
    keyed.set(key, tool)
  }
  return keyed
}

/** By code units: the same keys on every machine, whatever its language. */
function byServerThenTool(one: Named, other: Named): number {
  const [a, b] = [
    `${one.server_name}\0${one.tool_name}`,
    `${other.server_name}\0${other.tool_name}`,
  ]
  return a < b ? -1 : a > b ? 1 : 0
}
