// Makes upstream JSON fit for PostgreSQL, which keeps no NUL and no lone surrogate. Pure.

/** A copy with NUL removed and lone surrogates replaced, in keys and values; the same value if it was clean. */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return clean(value) as T
  if (Array.isArray(value)) {
    const items = value.map(storable)
    return (items.every((item, at) => item === value[at]) ? value : items) as T
  }
  if (typeof value !== 'object' || value === null) return value
  let changed = false
  const entries = Object.entries(value).map(([key, item]) => {
    const kept: [string, unknown] = [clean(key), storable(item)]
    changed ||= kept[0] !== key || kept[1] !== item
    return kept
  })
  return changed ? Object.fromEntries(entries) as T : value
}

function clean(text: string): string {
  const formed = text.isWellFormed() ? text : text.toWellFormed()
  return formed.includes('\0') ? formed.replaceAll('\0', '') : formed
}
