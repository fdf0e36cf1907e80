// The bench as a caller: a JSON request whose answer must be 200.

export async function postJson(
  url: string,
  { body, headers = {} }: { body: unknown; headers?: Record<string, string> },
  // Whoever asks checks what came.
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${text.slice(0, 300)}`)
  return text === '' ? null : JSON.parse(text)
}
