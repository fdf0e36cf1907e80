// Whose account one tool uses, where that differs from its server. Rarely changed: it stays behind an icon.
import { UserRoundCog } from 'lucide-react'
import type { Account } from '@shared/execution.ts'
import { IconButton } from '@/ui/icon-button.tsx'
import { Menu, MenuItem, MenuLabel } from '@/ui/menu.tsx'
import type { ToolChanges, ToolRow } from './queries.ts'
import { toolAccountWords } from './tool-rules.ts'

type Props = {
  tool: ToolRow
  name: string
  /** Its server's. */
  account: Account
  onSave: (changes: ToolChanges) => void
}

export function ToolAccount({ tool, name, account, onSave }: Props) {
  const choices = [null, 'team', 'person'] as const
  const wordsOf = (choice: Account | null) =>
    choice ? toolAccountWords[choice] : `As its server: ${toolAccountWords[account].toLowerCase()}`
  return (
    <Menu
      trigger={
        <IconButton
          label={`Account for ${name}: ${toolAccountWords[tool.account ?? account].toLowerCase()}`}
          icon={<UserRoundCog aria-hidden />}
        />
      }
    >
      <MenuLabel>Whose account it uses</MenuLabel>
      {choices.map((choice) => (
        <MenuItem
          key={choice ?? 'server'}
          checked={tool.account === choice}
          onSelect={() => onSave({ account: choice })}
        >
          {wordsOf(choice)}
        </MenuItem>
      ))}
    </Menu>
  )
}
