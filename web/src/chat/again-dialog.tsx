// Asks before an answer is given anew where that takes something back, or may run tools again.
import { ConfirmDialog } from '@/ui/dialog.tsx'
import type { Again } from './use-rewrite.ts'

type Props = { again: Again; onConfirm: () => void; onClose: () => void }

export function AgainDialog({ again, onConfirm, onClose }: Props) {
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onClose()}
      title='Answer this again?'
      confirmLabel='Answer again'
      onConfirm={onConfirm}
    >
      <div className='flex flex-col gap-2'>
        {again.takesBack && <p>This answer and everything after it is taken back.</p>}
        {again.called && (
          <p>
            It used tools, and may use them again. What they did stays done. Every call keeps to
            your team’s rules as they are now, and asks where they ask.
          </p>
        )}
      </div>
    </ConfirmDialog>
  )
}
