// A signed-in person without a team: name one, or learn how to be let into another.
import { useState } from 'react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { FormError } from '@/ui/field.tsx'
import { TextField } from '@/ui/text-field.tsx'
import { Entrance } from './entrance.tsx'
import { createTeam, rememberTeam } from './memberships.ts'
import { signOut, useSession } from './session.tsx'

export function NoTeamPage() {
  const user = useSession()
  const queries = useQueryClient()
  return (
    <Entrance title='Name your team' subtitle='Servers, tools and chats belong to a team.'>
      <TeamForm />
      <div className='rounded-card border border-line bg-surface p-4 text-sm text-muted'>
        <p>
          Joining an existing team instead? Ask its admin to invite{' '}
          <strong className='text-text'>{user.email}</strong>, then look again.
        </p>
        <div className='mt-3 flex flex-wrap gap-2'>
          <Button onClick={() => void queries.invalidateQueries({ queryKey: ['memberships'] })}>
            Look again
          </Button>
          <Button look='quiet' icon={<LogOut aria-hidden />} onClick={() => void signOut()}>
            Sign out
          </Button>
        </div>
      </div>
    </Entrance>
  )
}

/** Also the way to a second team, from the team menu. */
export function TeamForm({ onCreated }: { onCreated?: (team_id: string) => void }) {
  const user = useSession()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const create = useMutation({
    mutationFn: () => createTeam(name.trim()),
    onSuccess: async (team_id) => {
      rememberTeam(user.id, team_id)
      await queries.invalidateQueries({ queryKey: ['memberships'] })
      onCreated?.(team_id)
    },
  })
  return (
    <form
      className='flex flex-col gap-4'
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate()
      }}
    >
      <TextField
        label='Team name'
        hint='Your company or group. You can invite people later.'
        required
        autoFocus
        autoComplete='organization'
        maxLength={80}
        value={name}
        onValue={setName}
      />
      <FormError>{create.error?.message}</FormError>
      <Button
        type='submit'
        look='primary'
        busy={create.isPending}
        disabled={!name.trim()}
        className='w-full'
      >
        Create team
      </Button>
    </form>
  )
}
