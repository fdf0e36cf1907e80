// What must be done about a server's accounts, before calls begin to fail or because they do: each with its button.
import { CircleAlert, TriangleAlert } from 'lucide-react'
import { cx } from '@/lib/classes.ts'
import { AccountButtons } from './account-buttons.tsx'
import type { Notice } from './account-state.ts'
import type { ServerRow } from './queries.ts'

type Props = { server: ServerRow; notices: Notice[]; admin: boolean; className?: string }

export function ServerNotices({ server, notices, admin, className }: Props) {
  if (notices.length === 0) return null
  return (
    <ul className={cx('flex flex-col gap-2', className)}>
      {notices.map(({ account, tone, text, held }) => {
        const Icon = tone === 'bad' ? CircleAlert : TriangleAlert
        return (
          <li
            key={account}
            className={cx(
              'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control px-3 py-2 text-sm',
              tone === 'bad' ? 'bg-bad-soft' : 'bg-warn-soft',
            )}
          >
            <p className='flex min-w-0 grow basis-60 gap-2'>
              <Icon
                aria-hidden
                className={cx(
                  'mt-0.5 size-4 shrink-0',
                  tone === 'bad' ? 'text-bad' : 'text-warn',
                )}
              />
              {text}
            </p>
            {(account === 'person' || admin) && (
              <AccountButtons brief server={server} account={account} held={held} />
            )}
          </li>
        )
      })}
    </ul>
  )
}
