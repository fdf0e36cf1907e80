// test_server: tries a server step by step, telling each step as it ends, and keeps what was learnt about it.
import type { ExecutionAnswer, SignInNeeded } from '../../../shared/execution.ts'
import { type TestStep, testStep } from '../../../shared/server.ts'
import type { Asked, Handler } from './actions.ts'
import { noteConnected, noteFailure } from './connection-status.ts'
import { read } from './db.ts'
import { execute } from './execute.ts'
import { AppError } from './http.ts'
import type { ProbeReport } from './mcp/connection.ts'
import { UpstreamError } from './mcp/upstream.ts'
import { redactByValue } from './redact.ts'
import { type Reachable, withServer } from './upstream-of.ts'

export const testServer: Handler<'test_server'> = async (asked) => {
  const { app, as, input, tell } = asked
  const { server_id } = input
  const steps: TestStep[] = []
  const onStep = (step: TestStep) => {
    steps.push(step)
    tell?.({ event: 'step', step })
  }
  let tools_found = 0
  const return_to = `/settings/servers/${server_id}`
  const probed = await withServer(app, { as, server_id, return_to }, async (reached) => {
    // A refused token is renewed and everything tried once more: the steps begin anew.
    steps.length = 0
    const report = await probe(asked, { reached, onStep })
    tools_found = report.tools_found
    if (report.error?.reason === 'unauthorized') throw report.error
    if (report.error) return null
    const protocol = redactByValue(report.protocol, reached.secrets)
    const { url } = reached.upstream
    await noteConnected(app, { team_id: as.team_id, server_id, url, protocol })
    onStep(await safeCall(asked, reached))
    return null
  }).catch((thrown) => {
    if (thrown instanceof UpstreamError && thrown.reason === 'unauthorized') return null
    throw thrown
  })
  return await conclude(asked, { steps, tools_found, needed: probed })
}

function probe(
  { app, signal }: Asked<'test_server'>,
  { reached, onStep }: { reached: Reachable; onStep: (step: TestStep) => void },
): Promise<ProbeReport> {
  return app.connections.probe(reached.upstream, {
    signal,
    onStep: (step) => onStep(redactByValue(step, reached.secrets)),
  })
}

async function conclude(
  { app, as, input }: Asked<'test_server'>,
  { steps, tools_found, needed }: {
    steps: TestStep[]
    tools_found: number
    needed: SignInNeeded | null
  },
) {
  const failed = steps.find(({ outcome }) => outcome === 'failed')
  if (failed) {
    const { team_id } = as
    await noteFailure(app, { team_id, server_id: input.server_id, message: failed.message })
  }
  const skipped = testStep.shape.step.options.slice(steps.length).map((step): TestStep => ({
    step,
    outcome: 'skipped',
    message: 'Not tried',
    advice: null,
    duration_ms: 0,
  }))
  return {
    ok: !failed && steps.length > 0,
    steps: [...steps, ...skipped],
    tools_found,
    ...needed,
  }
}

/**
 * One call that changes nothing: a tool that admins let run unasked, that needs no arguments and says it
 * only reads; through the corridor, like every call. Without such a tool the server is pinged.
 */
async function safeCall(asked: Asked<'test_server'>, reached: Reachable): Promise<TestStep> {
  const started = performance.now()
  const done = (outcome: TestStep['outcome'], message: string, advice: string | null = null) => {
    const duration_ms = Math.round(performance.now() - started)
    return { step: 'safe_call', outcome, message, advice, duration_ms } as const
  }
  const tool_name = await harmlessTool(asked)
  try {
    if (tool_name === null) {
      await asked.app.connections.ping(reached.upstream, { signal: asked.signal })
      return done(
        'passed',
        'The server answered a ping. No tool was run: none that only reads is allowed',
      )
    }
    const answer = await callHarmless(asked, tool_name)
    if (answer.status === 'success') return done('passed', `“${tool_name}” ran and answered`)
    return done('failed', answer.error?.message ?? `“${tool_name}” did not answer`, TRY_IT)
  } catch (thrown) {
    if (!(thrown instanceof UpstreamError) && !(thrown instanceof AppError)) throw thrown
    return done('failed', thrown.message, TRY_IT)
  }
}

const TRY_IT = 'Try the tool by hand on this page: its answer says more.'

function callHarmless(
  { app, as, input, signal }: Asked<'test_server'>,
  tool_name: string,
): Promise<ExecutionAnswer> {
  const { team_id } = as
  const { server_id } = input
  const call = {
    team_id,
    server_id,
    tool_name,
    parameters: {},
    origin: 'direct',
    approved: false,
  } as const
  return execute(app, as, call, { signal })
}

type Candidate = {
  tool_name: string
  input_schema: { required?: unknown }
  annotations: { readOnlyHint?: unknown } | null
}

async function harmlessTool({ app, as, input }: Asked<'test_server'>): Promise<string | null> {
  const tools = await read<Candidate[]>(
    app.db.as(as).from('mcp_tools').select('tool_name,input_schema,annotations')
      .eq('team_id', as.team_id).eq('server_id', input.server_id).eq('policy', 'allow')
      .eq('is_enabled', true).is('removed_at', null).order('tool_name').limit(200),
  )
  const harmless = tools.find(({ input_schema, annotations }) =>
    annotations?.readOnlyHint === true &&
    !(Array.isArray(input_schema.required) && input_schema.required.length > 0)
  )
  return harmless?.tool_name ?? null
}
