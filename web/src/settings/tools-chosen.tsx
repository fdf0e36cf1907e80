// Several tools at once: which ones are chosen, and one decision for all of them.
import { useEffect, useRef } from 'react'
import { ChevronDown, Power } from 'lucide-react'
import type { Policy } from '@shared/tool.ts'
import { count } from '@/lib/format.ts'
import { Button } from '@/ui/button.tsx'
import { Menu, MenuItem } from '@/ui/menu.tsx'
import { toast } from '@/ui/toast.tsx'
import type { ToolRow } from './tool-queries.ts'
import {
  policyOrder,
  policySentences,
  policyWords,
  ruledWords,
  saysItOnlyReads,
  sendsOutSentence,
  sendsOutWords,
} from './tool-rules.ts'
import type { Judge } from './use-save-tools.ts'

type Props = {
  /** What the search shows. */
  found: ToolRow[]
  chosen: ToolRow[]
  onChoose: (ids: string[]) => void
  judge: Judge
}

export function ToolsChosen({ found, chosen, onChoose, judge }: Props) {
  const reading = found.filter(saysItOnlyReads)
  const all = chosen.length === found.length
  const ids = (tools: ToolRow[]) => tools.map(({ id }) => id)
  return (
    <div className='sticky top-0 z-10 flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 rounded-t-card border-b border-line bg-surface px-4 py-1.5'>
      <label className='flex min-h-control items-center gap-3 text-sm font-medium'>
        <AllBox
          checked={all}
          some={chosen.length > 0 && !all}
          onChange={() => onChoose(all ? [] : ids(found))}
        />
        {chosen.length === 0 ? `Choose all ${found.length}` : `${chosen.length} chosen`}
      </label>
      <output className='sr-only'>
        {chosen.length > 0 ? `${count(chosen.length, 'tool')} chosen` : ''}
      </output>
      {chosen.length === 0
        ? reading.length > 0 && reading.length < found.length && (
          <Button
            look='quiet'
            className='-ml-2 px-2! text-accent! sm:ml-0'
            onClick={() => onChoose(ids(reading))}
          >
            Choose the {reading.length} that claim to only read
          </Button>
        )
        : <Decide chosen={chosen} judge={judge} onDone={() => onChoose([])} />}
    </div>
  )
}

type BoxProps = { checked: boolean; some: boolean; onChange: () => void }

function AllBox({ checked, some, onChange }: BoxProps) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = some
  }, [some])
  return (
    <input
      ref={box}
      type='checkbox'
      className='size-5 shrink-0 text-base accent-accent'
      checked={checked}
      onChange={onChange}
    />
  )
}

type DecideProps = { chosen: ToolRow[]; judge: Judge; onDone: () => void }

function Decide({ chosen, judge, onDone }: DecideProps) {
  const rule = (policy: Policy) =>
    judge.rule({ tools: chosen, rule: { policy } }, {
      onSuccess: () => {
        toast({ tone: 'ok', text: ruledWords(chosen.length, policy) })
        onDone()
      },
    })
  const send = (sends_out: boolean) =>
    judge.save({ tools: chosen, changes: { sends_out } }, {
      onSuccess: () => {
        toast({ tone: 'ok', text: sendsOutWords(chosen.length, sends_out) })
        onDone()
      },
    })
  const turn = (is_enabled: boolean) =>
    judge.save({ tools: chosen, changes: { is_enabled } }, {
      onSuccess: () => {
        const now = is_enabled ? 'switched on' : 'switched off'
        toast({ tone: 'ok', text: `${count(chosen.length, 'tool')} ${now}.` })
        onDone()
      },
    })
  return (
    <div className='flex flex-wrap gap-2'>
      <Menu
        align='start'
        trigger={
          <Button look='primary'>
            Set rule
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        {policyOrder.map((policy) => (
          <MenuItem key={policy} onSelect={() => rule(policy)}>
            <span className='block font-medium'>{policyWords[policy]}</span>
            <span className='block text-xs text-muted'>{policySentences[policy]}</span>
          </MenuItem>
        ))}
        <MenuItem onSelect={() => send(false)}>
          <span className='block font-medium'>Sends nothing out</span>
          <span className='block text-xs text-muted'>
            The assistant may run it after reading content from outside, as far as its rule allows.
          </span>
        </MenuItem>
        <MenuItem onSelect={() => send(true)}>
          <span className='block font-medium'>Can send data out</span>
          <span className='block text-xs text-muted'>{sendsOutSentence}</span>
        </MenuItem>
      </Menu>
      <Menu
        align='start'
        trigger={
          <Button icon={<Power aria-hidden />}>
            <span className='sr-only'>Switch{' '}</span>On/off
          </Button>
        }
      >
        <MenuItem onSelect={() => turn(true)}>Switch on</MenuItem>
        <MenuItem onSelect={() => turn(false)}>Switch off</MenuItem>
      </Menu>
    </div>
  )
}
