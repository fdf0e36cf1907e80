// One tool in a server's list: what it does, and the team's rules for it.
import { Play } from 'lucide-react'
import type { Policy } from '@shared/tool.ts'
import { formatDuration, readableName } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { Select } from '@/ui/input.tsx'
import { Status } from '@/ui/status.tsx'
import { Switch } from '@/ui/switch.tsx'
import type { ToolChanges, ToolRow } from './queries.ts'
import { claims, policySentences, policyWords, timeouts } from './tool-rules.ts'

type Props = {
  tool: ToolRow
  admin: boolean
  /** The server itself is in use. */
  usable: boolean
  onSave: (changes: ToolChanges) => void
  onTry: () => void
}

export function ToolItem({ tool, admin, usable, onSave, onTry }: Props) {
  const name = tool.title ?? readableName(tool.tool_name)
  const runs = usable && tool.is_enabled && tool.policy !== 'deny'
  const said = claims(tool.annotations)
  return (
    <li className='flex flex-col gap-x-6 gap-y-3 border-b border-line px-4 py-4 last:border-0 md:flex-row md:items-start'>
      <div className='min-w-0 grow'>
        <h3 className='text-base font-medium'>
          {name} <span className='font-mono text-xs font-normal text-muted'>{tool.tool_name}</span>
        </h3>
        {tool.description && (
          <p className='mt-0.5 line-clamp-3 text-sm whitespace-pre-line text-muted'>
            {tool.description}
          </p>
        )}
        {said.length > 0 && (
          <p className='mt-1 text-xs text-muted'>The server says it {said.join(' and ')}.</p>
        )}
      </div>
      <div className='flex shrink-0 flex-wrap items-center gap-2'>
        {admin ? <Rules tool={tool} name={name} onSave={onSave} /> : <RulesInWords tool={tool} />}
        <Button
          icon={<Play aria-hidden />}
          disabled={!runs}
          onClick={onTry}
          aria-label={`Try ${name}`}
        >
          Try
        </Button>
      </div>
    </li>
  )
}

function RulesInWords({ tool }: { tool: ToolRow }) {
  if (!tool.is_enabled) return <Status tone='muted'>Switched off</Status>
  return (
    <span className='pr-2 text-sm text-muted' title={policySentences[tool.policy]}>
      {policyWords[tool.policy]}
    </span>
  )
}

type RulesProps = { tool: ToolRow; name: string; onSave: (changes: ToolChanges) => void }

function Rules({ tool, name, onSave }: RulesProps) {
  return (
    <>
      <Switch
        className='mr-2'
        aria-label={`${name} is on`}
        checked={tool.is_enabled}
        onCheckedChange={(is_enabled) => onSave({ is_enabled })}
      />
      <Select
        aria-label={`Rule for ${name}`}
        className='w-32'
        title={policySentences[tool.policy]}
        value={tool.policy}
        onChange={(event) => onSave({ policy: event.target.value as Policy })}
      >
        {(['allow', 'ask', 'deny'] as const).map((policy) => (
          <option key={policy} value={policy}>{policyWords[policy]}</option>
        ))}
      </Select>
      <Select
        aria-label={`Longest wait for ${name}`}
        className='w-28'
        title='Longest wait for an answer'
        value={tool.timeout_seconds}
        onChange={(event) => onSave({ timeout_seconds: Number(event.target.value) })}
      >
        {timeouts(tool.timeout_seconds).map((seconds) => (
          <option key={seconds} value={seconds}>{formatDuration(seconds * 1_000)}</option>
        ))}
      </Select>
    </>
  )
}
