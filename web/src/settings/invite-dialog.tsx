// Inviting someone by e-mail address. Astra sends no mail: it says how the person gets in.
import { type FormEvent, useState } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Role } from '@shared/team.ts'
import { useTeam } from '@/session/team.tsx'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { Field, FormError } from '@/ui/field.tsx'
import { Input, Select } from '@/ui/input.tsx'
import { roleAbilities, roleWords } from './member-roles.ts'
import { invite } from './queries.ts'

const formId = 'invite'
/** The dialog is opened to write an address. */
const focusOnMount = (input: HTMLInputElement | null) => input?.focus()
const invitable: Role[] = ['member', 'analyst', 'admin']

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { team_id } = useTeam()
  const client = useQueryClient()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('member')
  const [problem, setProblem] = useState<string | null>(null)
  const send = useMutation({
    mutationFn: () => invite(team_id, { email: email.trim(), role }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['team', team_id, 'invitations'] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const plain = /^\S+@\S+\.\S+$/.test(email.trim())
    setProblem(plain ? null : 'Write an e-mail address')
    if (plain) send.mutate()
  }
  if (send.isSuccess) return <Invited email={email.trim()} onClose={onClose} />
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title='Invite someone'
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type='submit' form={formId} look='primary' busy={send.isPending}>Invite</Button>
        </>
      }
    >
      <form id={formId} noValidate onSubmit={submit} className='flex flex-col gap-4'>
        <FormError>{send.error?.message}</FormError>
        <Field label='E-mail address' error={problem} required>
          {(control) => (
            <Input
              {...control}
              type='email'
              ref={focusOnMount}
              autoComplete='off'
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label='Role' hint={roleAbilities[role]}>
          {(control) => (
            <Select
              {...control}
              value={role}
              onChange={(event) => setRole(event.target.value as Role)}
            >
              {invitable.map((one) => <option key={one} value={one}>{roleWords[one]}</option>)}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  )
}

function Invited({ email, onClose }: { email: string; onClose: () => void }) {
  const { team_name } = useTeam()
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`${email} is invited`}
      footer={<Button look='primary' onClick={onClose}>Done</Button>}
    >
      <p>
        They join {team_name}{' '}
        as soon as they sign in, or sign up, with this address. Astra sends no e-mail: give them the
        link yourself. The invitation holds for 14 days.
      </p>
      <p className='mt-3 flex items-center gap-2 rounded-control border border-line pl-3'>
        <span className='min-w-0 grow truncate font-mono text-sm'>{location.origin}</span>
        <CopyButton label='Copy link' text={() => location.origin} />
      </p>
    </Dialog>
  )
}
