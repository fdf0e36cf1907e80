// The rules of one tool for those who do not set them: what happens when they use it.
import type { ReactNode } from 'react'
import type { Account } from '@shared/execution.ts'
import { count } from '@/lib/format.ts'
import { Card } from '@/ui/page.tsx'
import { lengthWords, windowWords } from './amounts.ts'
import type { ToolRow } from './tool-queries.ts'
import {
  claims,
  claimWords,
  policySentences,
  policyVerbs,
  sendsOutSentence,
  toolAccountWords,
} from './tool-rules.ts'

type Props = { tool: ToolRow; account: Account | null; window_seconds: number | null }

export function RulesInWords({ tool, account, window_seconds }: Props) {
  const { policy, cache_seconds, rate_limit } = tool
  const said = claims(tool.annotations)
  const every = window_seconds === null ? '' : ` in every ${windowWords(window_seconds)}`
  return (
    <Card>
      <dl>
        <Fact name='Rule'>
          {tool.is_enabled ? policyVerbs[policy] : 'Switched off'}
          {tool.is_enabled && <Note>{policySentences[policy]}</Note>}
          {policy === 'ask' && tool.allows_always && (
            <Note>You may answer with “always for me”.</Note>
          )}
        </Fact>
        {tool.sends_out && (
          <Fact name='Data'>
            It can send data out
            <Note>{sendsOutSentence}</Note>
          </Fact>
        )}
        {account && <Fact name='Account'>{toolAccountWords[tool.account ?? account]}</Fact>}
        <Fact name='Longest wait'>{lengthWords(tool.timeout_seconds)}</Fact>
        {rate_limit !== null && (
          <Fact name='Limit'>{count(rate_limit, 'call')} by the whole team{every}</Fact>
        )}
        {cache_seconds !== null && (
          <Fact name='Same question'>
            Same answer for {lengthWords(cache_seconds)}
            <Note>An equal call is answered from the last result.</Note>
          </Fact>
        )}
        {tool.is_idempotent && <Fact name='When it breaks off'>It is tried again</Fact>}
        {said.length > 0 && <Fact name='Its server says'>It {claimWords(said)}</Fact>}
      </dl>
    </Card>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className='border-b border-line px-4 py-3 last:border-0'>
      <dt className='text-sm text-muted'>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Note({ children }: { children: ReactNode }) {
  return <p className='text-sm text-muted'>{children}</p>
}
