// Answering an approval: once, by whoever it is for. A yes may change the arguments first; the call then
// goes on as any call that waited. What is decided, and by whom, is on record in the same transaction.
import type { FieldProblem } from '../../../shared/errors.ts'
import type { ExecutionAnswer } from '../../../shared/execution.ts'
import { isRecord } from '../../../shared/json.ts'
import type { Handler } from './actions.ts'
import {
  type Admitted,
  answerOnRecord,
  hashOf,
  type OnRecord,
  refusalOf,
  type Refused,
} from './admission.ts'
import type { App } from './app.ts'
import type { Member } from './auth.ts'
import { continueAfter } from './continuations.ts'
import { open, seal, type SealedCredential } from './credentials.ts'
import { read } from './db.ts'
import { administers } from '../../../shared/team.ts'
import { AppError } from './http.ts'
import { checkParameters } from './mcp/validation.ts'
import { pushSoon } from './push-delivery.ts'
import { keepRedacted, redactByName } from './redact.ts'
import { goOn, goOnUnheard } from './resume.ts'
import { type Standing, waitPlace } from './waiting.ts'

export type Decided =
  | (Admitted & { verdict: 'run'; wait: SealedCredential })
  | (OnRecord & { verdict: 'ended' })
  | Refused

/**
 * Throws AppError `not_found` (no such approval of theirs to answer), `conflict` (answered already, or too
 * late), `forbidden` (an admin has to), `invalid_parameters` (details: FieldProblem[]), `unavailable`.
 */
export const answerApproval: Handler<'answer_approval'> = async ({ app, as, input }) => {
  const { approval_id, decision, parameters, always } = input
  if (decision === 'reject' && parameters) {
    throw new AppError('invalid_request', 'A call that is rejected has no parameters.')
  }
  const decided = await read<Decided>(app.db.service.rpc('decide_approval', {
    p_approval_id: approval_id,
    p_user_id: as.user_id,
    p_team_id: as.team_id,
    p_decision: decision === 'approve' ? 'approved' : 'rejected',
    p_always: always,
    p_edit: parameters ? await editedWait(app, as, { approval_id, parameters }) : null,
  }))
  pushSoon(app)
  if (decided.verdict === 'refused') throw refusalOf(decided)
  if (decided.verdict === 'ended') continueAfter(app, decided.execution_id)
  if (decided.verdict === 'ended') return answerOnRecord(decided)
  return await goOnFor(app, as, decided)
}

/** Its own person hears how it ended; an admin who says yes to someone else's call does not wait for it. */
async function goOnFor(
  app: App,
  as: Member,
  decided: Admitted & { wait: SealedCredential },
): Promise<ExecutionAnswer> {
  const unheard = decided.mode === 'async' || decided.user_id !== as.user_id
  return unheard ? goOnUnheard(app, decided) : await goOn(app, decided, null)
}

type Waiting = {
  execution_id: string
  user_id: string
  needs: 'self' | 'admin'
  mcp_tools: { server_id: string; definition: Record<string, unknown> }
  mcp_tool_executions: { input_parameters: unknown }
}

/** The wait with other arguments in it, checked as they would be in a new call. */
async function editedWait(
  app: App,
  as: Member,
  { approval_id, parameters }: { approval_id: string; parameters: Record<string, unknown> },
) {
  const { team_id } = as
  const asked = await read<Waiting[]>(
    app.db.as(as).from('mcp_approvals')
      .select(
        'execution_id,user_id,needs,mcp_tools(server_id,definition),mcp_tool_executions(input_parameters)',
      )
      .eq('id', approval_id).eq('team_id', team_id),
  )
  const waiting = asked[0]
  // Whoever may see the question may not always answer it: then nothing is opened for them.
  const mayAnswer = waiting?.needs === 'admin'
    ? administers(as.role)
    : waiting?.user_id === as.user_id
  if (!waiting || !mayAnswer) throw new AppError('not_found', 'No such approval for you to answer.')
  const { execution_id, mcp_tools: { server_id, definition } } = waiting
  const sealed = await read<SealedCredential[]>(
    app.db.service.from('mcp_execution_waits').select('encrypted_value,key_version')
      .eq('execution_id', execution_id).eq('team_id', team_id),
  )
  const keys = app.settings.credentialKeys
  const place = waitPlace({ team_id, server_id, execution_id })
  const standing = sealed[0] && await open<Standing>(sealed[0], { keys, place })
  if (!standing) throw new AppError('conflict', 'This call no longer waits for an approval.')
  const edited = keepRedacted(parameters, {
    shown: waiting.mcp_tool_executions.input_parameters,
    original: standing.arguments,
  })
  refuseInvalid(definition, edited)
  return {
    wait: await seal({ ...standing, arguments: edited }, { keys, place }),
    arguments_hash: await hashOf(edited),
    input_parameters: redactByName(edited),
  }
}

function refuseInvalid(definition: Record<string, unknown>, edited: Record<string, unknown>) {
  const schema = isRecord(definition.inputSchema) ? definition.inputSchema : {}
  const problems: FieldProblem[] = checkParameters(schema, edited)
  const first = problems[0]
  if (first) throw new AppError('invalid_parameters', `${first.path}: ${first.message}`, problems)
}
