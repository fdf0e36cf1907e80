// Executions as rows of a table where there is room, as two-line items where there is not.
import { Link } from '@tanstack/react-router'
import { formatDuration } from '@/lib/format.ts'
import { useMedia } from '@/lib/device.ts'
import { nameOf } from '@/lib/person-name.ts'
import { Status } from '@/ui/status.tsx'
import { Time } from '@/ui/time.tsx'
import { wordsFor } from './execution-words.ts'
import { type ExecutionItem, toolNameOf } from './queries.ts'

type Props = { executions: ExecutionItem[]; showWho: boolean }

export function ExecutionList(props: Props) {
  const roomy = useMedia('(min-width: 768px)')
  return roomy ? <AsTable {...props} /> : <AsItems {...props} />
}

function Outcome({ execution }: { execution: ExecutionItem }) {
  const { tone, word } = wordsFor(execution)
  return <Status tone={tone} className='align-middle'>{word}</Status>
}

const heading = 'px-4 py-2.5 font-medium whitespace-nowrap'
const cell = 'px-4 py-3 align-middle'

function AsTable({ executions, showWho }: Props) {
  return (
    <div className='overflow-x-auto rounded-card border border-line bg-raised'>
      <table className='w-full border-collapse text-sm'>
        <caption className='sr-only'>Executions, newest first</caption>
        <thead>
          <tr className='border-b border-line text-left text-xs text-muted'>
            <th scope='col' className={heading}>Tool</th>
            <th scope='col' className={heading}>Server</th>
            {showWho && <th scope='col' className={heading}>Who</th>}
            <th scope='col' className={heading}>When</th>
            <th scope='col' className={`${heading} text-right`}>Duration</th>
            <th scope='col' className={heading}>Outcome</th>
          </tr>
        </thead>
        <tbody>
          {executions.map((execution) => (
            <tr
              key={execution.id}
              className='relative border-b border-line last:border-0 hover:bg-hover'
            >
              <th scope='row' className={`${cell} max-w-80 text-left font-medium`}>
                <Link
                  to='/activity/$executionId'
                  params={{ executionId: execution.id }}
                  className='block truncate before:absolute before:inset-0'
                >
                  {toolNameOf(execution)}
                </Link>
              </th>
              <td className={`${cell} max-w-56 truncate`}>{execution.mcp_servers?.name}</td>
              {showWho && (
                <td className={`${cell} max-w-56 truncate`}>{nameOf(execution.profiles)}</td>
              )}
              <td className={`${cell} whitespace-nowrap text-muted`}>
                <Time at={execution.executed_at} className='relative' />
              </td>
              <td className={`${cell} text-right whitespace-nowrap tabular-nums`}>
                {execution.duration_ms === null ? '' : formatDuration(execution.duration_ms)}
              </td>
              <td className={cell}>
                <Outcome execution={execution} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function AsItems({ executions, showWho }: Props) {
  return (
    <ul aria-label='Executions, newest first' className='-mx-4'>
      {executions.map((execution) => (
        <li key={execution.id} className='relative border-b border-line px-4 py-3 active:bg-press'>
          <div className='flex items-center gap-3'>
            <Link
              to='/activity/$executionId'
              params={{ executionId: execution.id }}
              className='min-w-0 grow truncate font-medium before:absolute before:inset-0'
            >
              {toolNameOf(execution)}
            </Link>
            <Outcome execution={execution} />
          </div>
          <div className='mt-0.5 flex gap-x-3 text-sm text-muted'>
            <p className='min-w-0 grow truncate'>
              {[execution.mcp_servers?.name, showWho && nameOf(execution.profiles)]
                .filter(Boolean).join(' · ')}
            </p>
            <Time at={execution.executed_at} className='relative shrink-0' />
          </div>
        </li>
      ))}
    </ul>
  )
}
