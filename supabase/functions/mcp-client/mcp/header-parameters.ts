// Judges a tool’s `x-mcp-header` declarations (MCP 2026-07-28, Streamable HTTP, “Schema Extension”):
// a client must not use a tool that breaks their rules. The SDK sends the headers. Pure.

const named = 'x-mcp-header'
/** RFC 9110 §5.6.2 `token`. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const permittedTypes = ['string', 'integer', 'boolean']

/** Where a schema holds further schemas, other than as its properties. */
const maps = ['patternProperties', 'dependentSchemas', '$defs', 'definitions']
const others = [
  'items',
  'prefixItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
]

/** The first rule that is broken, in our words, or null. The schema’s depth must have been bounded. */
export function headerFault(inputSchema: unknown): string | null {
  return faultIn(inputSchema, { reachable: true, property: false, seen: new Set() })
}

/** `reachable`: only `properties` lie between the root and here. */
type Place = { reachable: boolean; property: boolean; seen: Set<string> }

function faultIn(schema: unknown, place: Place): string | null {
  if (typeof schema !== 'object' || schema === null) return null
  const node = schema as Record<string, unknown>
  const own = named in node ? faultOf(node, place) : null
  if (own) return own
  for (const child of valuesOf(node.properties)) {
    const fault = faultIn(child, { ...place, property: place.reachable })
    if (fault) return fault
  }
  for (const child of elsewhere(node)) {
    const fault = faultIn(child, { ...place, reachable: false, property: false })
    if (fault) return fault
  }
  return null
}

function faultOf(node: Record<string, unknown>, { property, seen }: Place): string | null {
  const name = node[named]
  if (!property) return 'one is not on a plain property'
  if (typeof name !== 'string' || !token.test(name)) return 'one is not a header name'
  if (!permittedTypes.includes(String(node.type))) return 'one is not a string, integer or boolean'
  const known = seen.has(name.toLowerCase())
  seen.add(name.toLowerCase())
  return known ? 'two share a header' : null
}

function valuesOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}

function elsewhere(node: Record<string, unknown>): unknown[] {
  return [
    ...maps.flatMap((name) => valuesOf(node[name])),
    ...others.flatMap((name) => Array.isArray(node[name]) ? node[name] : [node[name]]),
  ]
}
