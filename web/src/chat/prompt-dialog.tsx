// A server's prompt: its blanks, and then its words, put into the message for the person to look at. Nothing
// is sent from here.
import { useMutation } from '@tanstack/react-query'
import { call } from '@/lib/call.ts'
import { signInFirst } from '@/lib/read-resource.ts'
import { Dialog } from '@/ui/dialog.tsx'
import { BlanksForm } from './blanks-form.tsx'
import { type OfferedPrompt, wordsOf } from './offers.ts'
import { promptText } from './prompt-text.ts'

type Props = {
  team_id: string
  offered: OfferedPrompt
  onClose: () => void
  onText: (text: string, from: { title: string; server_name: string }) => void
}

export function PromptDialog({ team_id, offered, onClose, onText }: Props) {
  const { server_id, server_name, prompt } = offered
  const { title } = wordsOf(offered)
  const filled = useMutation({
    mutationFn: async (values: Record<string, string>) => {
      const asked = { team_id, server_id, name: prompt.name, arguments: values }
      const answer = await call('get_prompt', asked)
      if ('status' in answer) throw signInFirst()
      return promptText(answer.messages, { title, server_name })
    },
    onSuccess: (text) => {
      onClose()
      onText(text, { title, server_name })
    },
  })
  const blanks = prompt.arguments ?? []
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      description={prompt.description ?? `A prompt of ${server_name}`}
    >
      <BlanksForm
        blanks={blanks}
        of={{ team_id, server_id, ref: { type: 'ref/prompt', name: prompt.name } }}
        submitLabel='Put into the message'
        busy={filled.isPending}
        error={filled.error}
        onSubmit={(values) => filled.mutate(values)}
      />
      <p className='mt-3 text-xs text-muted'>
        {server_name} writes the words. You see them before anything is sent.
      </p>
    </Dialog>
  )
}
