// How waiting executions go on: a person answers, someone cancels, an account was connected.
import type { Execution, ExecutionAnswer } from '../../../shared/execution.ts'
import type { Handler } from './actions.ts'
import { type Admitted, answerOnRecord, type OnRecord, resume } from './admission.ts'
import type { App } from './app.ts'
import { continueAfter } from './continuations.ts'
import { failure } from './ending.ts'
import type { Member } from './auth.ts'
import { type AccountPlace, seal, type SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { carryOn } from './execute.ts'
import { finishLater } from './finish.ts'
import { AppError } from './http.ts'
import { liveExecution } from './live.ts'
import { log } from './log.ts'
import { contentProblems, type ElicitResult, withDefaults } from './mcp/elicitation.ts'
import { pause } from './pause.ts'
import { pushSoon } from './push-delivery.ts'
import { pollDue } from './task-polls.ts'
import {
  answeredWith,
  nextQuestion,
  type Standing,
  standingOf,
  suspend,
  waitPlace,
} from './waiting.ts'

type Row =
  & Pick<
    Execution,
    'team_id' | 'server_id' | 'status' | 'asked' | 'error_code' | 'error_message' | 'duration_ms'
  >
  & { id: string; output_result: OnRecord['result'] }
const COLUMNS =
  'id,team_id,server_id,status,asked,output_result,error_code,error_message,duration_ms'

/** Another process may hold the call: its end is looked for this often, and not for ever. */
const LOOK_EVERY_MS = 400
const LOOK_FOR_MS = 60_000
/** After a sign-in so many calls go on at the same time. */
const AT_ONCE = 4

export const answerInput: Handler<'answer_input'> = async ({ app, as, input }) => {
  const { execution_id } = input
  const row = await ownRow(app, as, execution_id)
  const result = resultOf(row, input)
  const place = waitPlace({ ...row, execution_id })
  const answer = await seal(result, { keys: app.settings.credentialKeys, place })
  const question_id = row.asked && 'mode' in row.asked ? row.asked.id : undefined
  const waiting = {
    execution_id,
    user_id: as.user_id,
    status: 'awaiting_input',
    answer,
    question_id,
  } as const
  const next = liveExecution(execution_id)?.next()
  const resumed = await resume(app, waiting)
  if (resumed.verdict === 'ended') continueAfter(app, execution_id)
  pushSoon(app)
  if (resumed.verdict === 'ended') return resumed.answer
  if (resumed.verdict === 'run') return await goOn(app, resumed, result)
  liveExecution(execution_id)?.give(result, question_id)
  return await (next ?? follow(app, as, { execution_id, until: rests }))
}

/** What the server is told. Throws AppError `conflict`, `invalid_parameters` (details: FieldProblem[]). */
function resultOf(
  { status, asked, id }: Row,
  { answer: action, content, question_id }: {
    answer: ElicitResult['action']
    content?: Record<string, unknown>
    question_id?: string
  },
): ElicitResult {
  if (status !== 'awaiting_input' || !asked || !('mode' in asked)) {
    throw new AppError('conflict', 'This execution is not waiting for an answer.', {
      execution_id: id,
    })
  }
  if (question_id !== undefined && question_id !== asked.id) {
    throw new AppError('conflict', 'This execution asks something else by now. Look at it again.', {
      execution_id: id,
    })
  }
  if (action !== 'accept' || asked.mode === 'url') return { action }
  const filled = withDefaults(asked.requested_schema, content ?? {})
  const problems = contentProblems(asked.requested_schema, filled)
  if (problems.length === 0) return { action, content: filled }
  const { path, message } = problems[0]!
  throw new AppError('invalid_parameters', `${path}: ${message}`, problems)
}

type Resumed = Admitted & { wait: SealedCredential }

/** The same with no one waiting for it: what comes of it is in its row. */
export function goOnUnheard(app: App, resumed: Resumed): ExecutionAnswer {
  const { execution_id } = resumed
  app.background(goOn(app, resumed, null).catch(unresumed))
  return { execution_id, status: 'running', duration_ms: 0 }
}

/** Goes on with a call that any worker may go on with. */
export async function goOn(
  app: App,
  resumed: Resumed,
  result: ElicitResult | null,
): Promise<ExecutionAnswer> {
  const started = performance.now()
  const before = await standingOf(app, resumed)
  if (!before) {
    return end(app, resumed, {
      spent_ms: 0,
      code: 'credential_unreadable',
      message: 'What this call waited with cannot be opened with today’s keys. Send it again.',
    })
  }
  const standing = result ? answeredWith(before, result) : before
  if (standing.round?.again && result && result.action !== 'accept') {
    return end(app, resumed, {
      spent_ms: standing.spent_ms,
      code: 'denied',
      message: 'The page that the server asked for was not opened, so the tool did not run.',
    })
  }
  const question = nextQuestion(resumed, standing)
  if (question) {
    if (await suspend(app, resumed, question)) {
      return answerOnRecord({ ...NOTHING, ...resumed, ...question })
    }
    const spent_ms = standing.spent_ms
    return end(app, resumed, { spent_ms, code: 'cancelled', message: 'The call was cancelled' })
  }
  return await carryOn(app, resumed, { standing, watch: {}, started })
}

const NOTHING = { result: null, error_code: null, error_message: null, duration_ms: null }

function end(
  app: App,
  { execution_id, mode, chat_id }: Admitted,
  { spent_ms, code, message }: {
    spent_ms: Standing['spent_ms']
    code: Parameters<typeof failure>[0]
    message: string
  },
): ExecutionAnswer {
  const ended = failure(code, message)
  finishLater(app, execution_id, { ...ended, mode, duration_ms: spent_ms })
  if (chat_id !== null) continueAfter(app, execution_id)
  return { execution_id, status: ended.status, error: ended.error, duration_ms: spent_ms }
}

export const cancelExecution: Handler<'cancel_execution'> = async ({ app, as, input }) => {
  const { execution_id } = input
  await ownRow(app, as, execution_id)
  const live = liveExecution(execution_id)
  const next = live?.next()
  // A failed call must not go unheard here and kill the process.
  next?.catch(() => {})
  await read(app.db.service.rpc('cancel_execution', {
    p_execution_id: execution_id,
    p_user_id: as.user_id,
  }))
  pushSoon(app)
  live?.cancel()
  // A task that no worker stays with has nobody else to tell its server.
  if (!live) await pollDue(app, execution_id)
  return await (next ?? follow(app, as, { execution_id, until: isOver }))
}

/** The execution as its row tells it, once it is where it is going; or as it is when patience ends. */
async function follow(
  app: App,
  as: Member,
  { execution_id, until }: { execution_id: string; until: (row: Row) => boolean },
): Promise<ExecutionAnswer> {
  const patience = AbortSignal.timeout(LOOK_FOR_MS)
  for (;;) {
    const row = await ownRow(app, as, execution_id)
    if (until(row) || !await pause(LOOK_EVERY_MS, patience)) {
      return answerOnRecord({ ...row, execution_id, result: row.output_result })
    }
  }
}

const rests = ({ status }: Row) => status !== 'running' && status !== 'pending'
const isOver = (row: Row) => rests(row) && row.asked === null

/** Throws AppError `not_found` for what is missing and for what is someone else's. */
export async function ownRow(app: App, as: Member, execution_id: string): Promise<Row> {
  const rows = await read<Row[]>(
    app.db.as(as).from('mcp_tool_executions').select(COLUMNS)
      .eq('id', execution_id).eq('team_id', as.team_id).eq('user_id', as.user_id),
  )
  if (!rows[0]) throw new AppError('not_found', 'No such execution of yours.')
  return rows[0]
}

/**
 * Goes on with every execution that waited for this account, in the background, a few at a time.
 * Never throws: what cannot go on says so in its own row or in the log.
 */
export function resumeSignedIn(app: App, account: AccountPlace): void {
  app.background(resumeAll(app, account))
}

async function resumeAll(app: App, { team_id, server_id, user_id }: AccountPlace): Promise<void> {
  const waiting = await read<string[]>(
    app.db.service.rpc('waiting_for_account', {
      p_team_id: team_id,
      p_server_id: server_id,
      p_user_id: user_id,
    }),
  ).catch(unresumed)
  const left = (waiting ?? []).values()
  const goThrough = async () => {
    for (const execution_id of left) {
      const asked = { execution_id, user_id: null, status: 'awaiting_auth' } as const
      const resumed = await resume(app, asked).catch(unresumed)
      if (resumed?.verdict === 'run') await goOn(app, resumed, null).catch(unresumed)
      if (resumed?.verdict === 'ended') continueAfter(app, execution_id)
    }
  }
  // One that hangs must not keep the others waiting.
  await Promise.all(Array.from({ length: AT_ONCE }, goThrough))
  pushSoon(app)
}

function unresumed(thrown: unknown): undefined {
  log('warn', 'a waiting execution could not go on', { thrown })
}
