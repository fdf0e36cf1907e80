// The gaps of a resource template (RFC 6570) and the address they make once filled. Pure. All operators,
// text values only; what is no template, or too much of one, has no gaps and stays as it is.

const operators = {
  '': { first: '', between: ',', named: false, bare: false, plain: false },
  '+': { first: '', between: ',', named: false, bare: false, plain: true },
  '#': { first: '#', between: ',', named: false, bare: false, plain: true },
  '.': { first: '.', between: '.', named: false, bare: false, plain: false },
  '/': { first: '/', between: '/', named: false, bare: false, plain: false },
  ';': { first: ';', between: ';', named: true, bare: true, plain: false },
  '?': { first: '?', between: '&', named: true, bare: false, plain: false },
  '&': { first: '&', between: '&', named: true, bare: false, plain: false },
} as const
type Operator = keyof typeof operators

const expression = /\{([+#./;?&]?)([^{}]{1,400})\}/g
const mostGaps = 32

/** The names of the gaps, each once, in their order. */
export function gapsOf(template: string): string[] {
  const names = [...template.matchAll(expression)].flatMap(([, , list]) =>
    variables(list!).map(({ name }) => name)
  )
  return [...new Set(names)].slice(0, mostGaps)
}

/** An empty value counts as none (RFC 6570 §3.2.1, undefined). */
export function fill(template: string, values: Record<string, string>): string {
  return template.replace(expression, (_whole, sign: Operator, list: string) => {
    const { first, between, named, bare, plain } = operators[sign]
    const parts = variables(list).flatMap(({ name, length }) => {
      const value = Object.hasOwn(values, name) ? values[name]! : ''
      if (value === '') return []
      const written = encoded(
        length === null ? value : Array.from(value).slice(0, length).join(''),
        plain,
      )
      if (!named) return [written]
      return [written === '' && bare ? name : `${name}=${written}`]
    })
    return parts.length === 0 ? '' : first + parts.join(between)
  })
}

/** `var`, `var*` (text has nothing to explode) and `var:3`. */
function variables(list: string): { name: string; length: number | null }[] {
  return list.split(',').map((one) => {
    const [, name = '', length] = /^([\w.%-]+)(?::(\d{1,4}))?\*?$/.exec(one.trim()) ?? []
    return { name, length: length === undefined ? null : Number(length) }
  }).filter(({ name }) => name !== '')
}

function encoded(value: string, plain: boolean): string {
  const strict = encodeURIComponent(value.toWellFormed())
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  if (!plain) return strict
  // Reserved characters and what is encoded already stay as they are (§3.2.3).
  return encodeURI(value.toWellFormed()).replace(/%5B/g, '[').replace(/%5D/g, ']')
    .replace(/%25([0-9A-Fa-f]{2})/g, '%$1')
}
