// Reads the folder of results that the conformance suite leaves: `<scenario>-<time>/{checks.json,
// stdout.txt,stderr.txt}`, where a scenario's name may hold a slash.
import { type Check, finished, judge, type Verdict } from './verdict.ts'

/** A verdict for every scenario found, by its name. */
export async function verdictsIn(folder: string): Promise<Map<string, Verdict>> {
  const found = new Map<string, Verdict>()
  for (const name of await foldersIn(folder)) {
    const read = (file: string) => Deno.readTextFile(`${folder}/${name}/${file}`).catch(() => '')
    const checks = await read('checks.json')
    if (checks === '') continue
    const scenario = name.replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '')
    const stdout = await read('stdout.txt')
    found.set(
      scenario,
      judge({
        scenario,
        checks: JSON.parse(checks) as Check[],
        ended: stdout.trim().split('\n').includes(finished) ? finished : null,
        said: stdout + await read('stderr.txt'),
      }),
    )
  }
  return found
}

async function foldersIn(folder: string): Promise<string[]> {
  const names: string[] = []
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory) continue
    if (/T[\d-]+Z$/.test(name)) names.push(name)
    else names.push(...(await foldersIn(`${folder}/${name}`)).map((inner) => `${name}/${inner}`))
  }
  return names.sort()
}
