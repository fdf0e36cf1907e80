// How calls of one tool go: how long they may take, in whose name, whether they are repeated or spared, and how many there may be.
import { useState } from 'react'
import type { Account } from '@shared/execution.ts'
import { Field } from '@/ui/field.tsx'
import { Select } from '@/ui/input.tsx'
import { AmountField } from './amount-field.tsx'
import { lengthWords, windowWords } from './amounts.ts'
import { SwitchLine } from './switch-line.tsx'
import type { ToolChanges, ToolRow } from './tool-queries.ts'
import { cacheTimes, timeouts, toolAccountWords } from './tool-rules.ts'

type Props = {
  tool: ToolRow
  account: Account | null
  window_seconds: number | null
  onSave: (changes: ToolChanges) => void
}

export function ToolCalls({ tool, account, window_seconds, onSave }: Props) {
  const every = window_seconds === null ? 'one window' : `every ${windowWords(window_seconds)}`
  return (
    <section className='flex flex-col gap-4'>
      <h3 className='text-base font-semibold'>Its calls</h3>
      <Field label='Longest wait for an answer'>
        {(control) => (
          <Select
            {...control}
            value={tool.timeout_seconds}
            onChange={(event) => onSave({ timeout_seconds: Number(event.target.value) })}
          >
            {timeouts(tool.timeout_seconds).map((seconds) => (
              <option key={seconds} value={seconds}>{lengthWords(seconds)}</option>
            ))}
          </Select>
        )}
      </Field>
      {account && <AccountField tool={tool} account={account} onSave={onSave} />}
      <AmountField
        label='Calls by the whole team'
        none='No limit'
        hint={`In ${every}. Empty: as many as the team’s own limit allows.`}
        unit='calls'
        most={1_000_000}
        value={tool.rate_limit}
        onSave={(rate_limit) => onSave({ rate_limit })}
      />
      <SwitchLine
        label='May be tried again'
        checked={tool.is_idempotent}
        onChange={(is_idempotent) => onSave({ is_idempotent })}
      >
        A call that was sent and broke off is sent again. Only right where doing it twice does no
        more than doing it once.
      </SwitchLine>
      <CacheField tool={tool} onSave={onSave} />
    </section>
  )
}

type FieldProps = Pick<Props, 'tool' | 'onSave'>

/** Whose account one tool uses, where that differs from its server. */
function AccountField({ tool, account, onSave }: FieldProps & { account: Account }) {
  return (
    <Field label='Whose account it uses'>
      {(control) => (
        <Select
          {...control}
          value={tool.account ?? ''}
          onChange={(event) => onSave({ account: (event.target.value || null) as Account | null })}
        >
          <option value=''>As its server: {toolAccountWords[account].toLowerCase()}</option>
          {(['team', 'person'] as const).map((one) => (
            <option key={one} value={one}>{toolAccountWords[one]}</option>
          ))}
        </Select>
      )}
    </Field>
  )
}

/** How long equal calls are answered from the last result; a time of the admin's own is typed in. */
function CacheField({ tool, onSave }: FieldProps) {
  const seconds = tool.cache_seconds
  const [typing, setTyping] = useState(false)
  const own = typing || (seconds !== null && !cacheTimes.includes(seconds))
  const choose = (choice: string) => {
    setTyping(choice === 'own')
    if (choice !== 'own') onSave({ cache_seconds: choice === '' ? null : Number(choice) })
  }
  return (
    <div className='flex flex-col gap-2'>
      <Field
        label='Same question, same answer'
        hint='An equal call with the same account is answered from the last result, and the server is not asked. Only right where the answer depends on nothing else.'
      >
        {(control) => (
          <Select
            {...control}
            value={own ? 'own' : seconds ?? ''}
            onChange={(event) => choose(event.target.value)}
          >
            <option value=''>Off: every call asks the server</option>
            {cacheTimes.map((time) => (
              <option key={time} value={time}>For {lengthWords(time)}</option>
            ))}
            <option value='own'>Another time</option>
          </Select>
        )}
      </Field>
      {own && (
        <AmountField
          label='Keep answers for'
          none='Off'
          unit='seconds'
          most={86_400}
          value={seconds}
          onSave={(cache_seconds) => {
            setTyping(false)
            onSave({ cache_seconds })
          }}
        />
      )}
    </div>
  )
}
