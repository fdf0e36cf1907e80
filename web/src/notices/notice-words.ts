// What a notice says. Pure.
import { endWords } from '@shared/end-words.ts'
import type { ExecutionStatus } from '@shared/execution.ts'
import { nameOf } from '@/lib/person-name.ts'
import { toolTitle } from '@/lib/tool-title.ts'
import type { Tone } from '@/ui/status.tsx'
import type { Notice, NoticedCall } from './notice-queries.ts'

export type NoticeWords = { tone: Tone; text: string }

const tones: Partial<Record<ExecutionStatus, Tone>> = {
  success: 'ok',
  error: 'bad',
  timeout: 'warn',
  cancelled: 'muted',
  denied: 'muted',
  unknown: 'warn',
}

/** `me`: whoever reads it. Without its call there is little to say: it is gone. */
export function noticeWords(
  { kind }: Pick<Notice, 'kind'>,
  { call, me }: { call: NoticedCall | undefined; me: string },
): NoticeWords {
  const tool = call?.mcp_tools ? toolTitle(call.mcp_tools) : 'A tool'
  const what = call?.mcp_servers ? `${tool} in ${call.mcp_servers.name}` : tool
  const mine = call?.user_id === me
  const who = nameOf(call?.profiles, 'Someone')
  switch (kind) {
    case 'execution_ended':
      return {
        tone: tones[call?.status ?? 'running'] ?? 'info',
        text: `${what} ${endWords(call?.status)}.`,
      }
    case 'approval_needed':
      return isOver(call, 'awaiting_approval')
        ? { tone: 'muted', text: `${what} waited for an approval. That is settled.` }
        : {
          tone: 'warn',
          text: mine
            ? `${what} waits for your approval.`
            : `${who} asks an admin to approve ${what}.`,
        }
    case 'sign_in_needed':
      return isOver(call, 'awaiting_auth')
        ? { tone: 'muted', text: `${what} waited for a sign-in. That is settled.` }
        : {
          tone: 'warn',
          text: mine
            ? `${what} waits for a sign-in.`
            : `${who}’s call of ${what} waits until an admin signs in for the team.`,
        }
    case 'input_needed':
      return isOver(call, 'awaiting_input')
        ? { tone: 'muted', text: `${what} asked you something. That is settled.` }
        : { tone: 'warn', text: `${what} asks you something.` }
    case 'approval_decided':
      return call?.error_code === 'rejected'
        ? { tone: 'bad', text: `${what} was not approved.` }
        : { tone: 'ok', text: `${what} was approved.` }
  }
}

/** It waits for that no more. */
function isOver(call: NoticedCall | undefined, waiting: ExecutionStatus): boolean {
  return call !== undefined && call.status !== waiting
}
