// Deno's npm package may run Deno under a Node process that cannot pass a signal on: when someone ends
// that one, the stack has to notice by itself.

const every = 500

/** Whether a command line is that Node process. */
export function isWrapper(commandLine: string): boolean {
  return /\bnode\b.*\bdeno\b/.test(commandLine)
}

/** Acts once when the stack was started under such a wrapper and the wrapper is gone. */
export async function whenWrapperEnds(act: () => void): Promise<void> {
  const parent = Deno.ppid
  if (!isWrapper(await commandLineOf(parent))) return
  const timer = setInterval(() => {
    if (Deno.ppid === parent) return
    clearInterval(timer)
    act()
  }, every)
  Deno.unrefTimer(timer)
}

async function commandLineOf(pid: number): Promise<string> {
  try {
    const { stdout } = await new Deno.Command('ps', {
      args: ['-o', 'args=', '-p', String(pid)],
      stderr: 'null',
    })
      .output()
    return new TextDecoder().decode(stdout)
  } catch {
    // No `ps` here: nothing to go by.
    return ''
  }
}
