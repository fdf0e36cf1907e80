// Every kind of server × everything it may offer, through the real function. Prints the matrix.
import { cells, type Outcome } from './cells.ts'
import { register } from './ground.ts'
import { type Subject, subjects } from './servers.ts'

type Row = { subject: Subject; server_id: string; outcomes: Record<string, Outcome> }
const rows = new Map<string, Promise<Row>>()

const titles: Record<string, (server: string) => string> = {
  tool: (server) => `a tool of ${server} runs and its result comes back`,
  resource: (server) => `a resource of ${server} is listed and read, or it declares none`,
  prompt: (server) => `a prompt of ${server} is listed and filled in, or it declares none`,
  progress: (server) => `progress of ${server} is told while the call runs, or it tells of none`,
  cancel: (server) => `a call of ${server} can be cancelled, and the next one works`,
  elicit: (server) => `${server} asks a person in the middle of a call, or has no tool that does`,
}

async function begin(name: string): Promise<Row> {
  const subject = await subjects[name]!()
  return { subject, server_id: await register(subject), outcomes: {} }
}

for (const name of Object.keys(subjects)) {
  for (const [column, cell] of Object.entries(cells)) {
    Deno.test(titles[column]!(name), async () => {
      if (!rows.has(name)) rows.set(name, begin(name))
      const row = await rows.get(name)!
      row.outcomes[column] = await cell(row.subject, row.server_id)
    })
  }
}

Deno.test.afterAll(async () => {
  const columns = Object.keys(cells)
  console.log(`\n| | ${columns.join(' | ')} |\n|---|${columns.map(() => '---|').join('')}`)
  for (const name of Object.keys(subjects)) {
    const row = await rows.get(name)?.catch(() => null)
    const found = columns.map((column) => row?.outcomes[column] ?? 'FAILS')
    console.log(`| ${name} | ${found.join(' | ')} |`)
    await row?.subject.stop()
  }
})
