// Before a command is left to run later: what will run, and when. It may change things, and the world may have
// moved on by then, so a person says yes to that first.
import { ConfirmDialog } from '@/ui/dialog.tsx'
import { titleOfKey, toolTitle } from '@/lib/tool-title.ts'
import type { ChatTool } from './chat-tools.ts'
import type { Written } from './use-conversation.ts'

type Props = {
  command: Written | null
  tools: Map<string, ChatTool>
  onClose: () => void
  /** It goes back to where it is written. */
  onNo: (command: Written) => void
  onYes: (command: Written) => void
}

export function RunLater({ command, tools, onClose, onNo, onYes }: Props) {
  if (!command) return null
  const key = /^\/(\S+)/.exec(command.text)?.[1] ?? ''
  const tool = tools.get(key)
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (open) return
        onClose()
        onNo(command)
      }}
      title='Run it later?'
      confirmLabel='Run later'
      onConfirm={() => {
        onClose()
        onYes(command)
      }}
    >
      You are offline. {tool ? toolTitle(tool) : titleOfKey(key)}{' '}
      will run by itself as soon as you are back online, even if that is much later. Until then you
      can change it or take it back.
    </ConfirmDialog>
  )
}
