// What can be done with a chat: in its menu beside it in the list, and at the top of it.
import type { ReactElement } from 'react'
import { Archive, ArchiveRestore, Link2, Lock, PencilLine, Trash2, Users } from 'lucide-react'
import { useSession } from '@/session/session.tsx'
import { useTeam } from '@/session/team.tsx'
import { Menu, MenuItem } from '@/ui/menu.tsx'
import { type ChatRow, rightsTo } from './chats.ts'

export type Wish = 'rename' | 'share' | 'hide' | 'archive' | 'bring back' | 'delete' | 'copy link'

type Props = { chat: ChatRow; trigger: ReactElement; onWish: (wish: Wish) => void }

/** Nothing is offered that would be refused. */
export function ChatMenu({ chat, trigger, onWish }: Props) {
  const { id: user_id } = useSession()
  const { role, team_name } = useTeam()
  const rights = rightsTo(chat, { user_id, role })
  const shared = chat.visibility === 'team'
  const item = (wish: Wish, icon: ReactElement, label: string, danger = false) => (
    <MenuItem
      icon={icon}
      danger={danger}
      onSelect={() => onWish(wish)}
    >
      {label}
    </MenuItem>
  )
  return (
    <Menu trigger={trigger}>
      {rights.change && item('rename', <PencilLine aria-hidden />, 'Rename')}
      {rights.share && !shared && item('share', <Users aria-hidden />, `Share with ${team_name}`)}
      {rights.share && shared && item('hide', <Lock aria-hidden />, 'Make private')}
      {shared && item('copy link', <Link2 aria-hidden />, 'Copy link')}
      {rights.change && (chat.archived_at === null
        ? item('archive', <Archive aria-hidden />, 'Archive')
        : item('bring back', <ArchiveRestore aria-hidden />, 'Bring back'))}
      {rights.change && item('delete', <Trash2 aria-hidden />, 'Delete', true)}
    </Menu>
  )
}
