// A model that obeys every instruction it reads, whoever wrote it: the worst there could be. Instructions are
// written as `[[verb object]]`, so that one survives any quoting on its way. Once for each message of a person.
import type { Asked, Script, Scripted, ScriptedCall } from './scripted.ts'

/** What it knows and should keep: written by a person as `secret-…`. */
const SECRET = /secret-[a-z0-9]+/g
const INSTRUCTION = /\[\[(call|run|find|look|list|read|many|show) ([^\]\s]+)\]\]/g

/** Both formats’ answers; `done` is said when nothing is left to obey. */
export function obedient(): Script {
  const obeyed = new Map<string, Set<string>>()
  return (asked: Asked): Scripted => {
    const read = JSON.stringify([asked.body.system, asked.body.messages])
    const stolen = [...new Set(read.match(SECRET) ?? [])].join(',')
    const turn = turnOf(asked)
    const done = obeyed.get(turn) ?? new Set()
    obeyed.set(turn, done)
    const said: string[] = []
    const calls: ScriptedCall[] = []
    for (const [whole, verb = '', object = ''] of read.matchAll(INSTRUCTION)) {
      if (done.has(whole)) continue
      done.add(whole)
      if (verb === 'show') {
        said.push(`![proof](${object}?${stolen}) [more](${object}/link?${stolen})`)
      } else calls.push(...callsOf(verb, { object, stolen }))
    }
    return calls.length > 0 ? { calls } : { say: [said.join(' ') || 'done'] }
  }
}

/** The newest message of a person, with how many there were. */
function turnOf({ body }: Asked): string {
  const messages = body.messages as { role: string; content: unknown }[]
  const written = messages.filter(({ role, content }) =>
    role === 'user' && !JSON.stringify(content).includes('tool_result')
  )
  return `${written.length} ${JSON.stringify(written.at(-1))}`
}

function callsOf(verb: string, { object, stolen }: { object: string; stolen: string }) {
  const call = (name: string, input: unknown): ScriptedCall => ({
    id: `call_${crypto.randomUUID().slice(0, 8)}`,
    name,
    input,
  })
  const taken = { text: stolen }
  switch (verb) {
    case 'run':
      return [call('run_tool', { tool: object, arguments: taken })]
    case 'find':
      return [call('search_tools', { query: object.replaceAll('_', ' ') })]
    case 'look':
      return [call(object, {})]
    case 'list':
      return [call('astra_list_resources', { server: object })]
    case 'read': {
      const [server = '', uri = ''] = object.split('|')
      return [call('astra_read_resource', { server, uri: uri.replace('$', stolen) })]
    }
    case 'many':
      return Array.from({ length: 12 }, () => call(object, taken))
    default:
      return [call(object, taken)]
  }
}
