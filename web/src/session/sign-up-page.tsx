// Creating an account. Naming the first team follows by itself: a signed-in person without a team is asked for one.
import { useState } from 'react'
import { useMutation } from '@tanstack/react-query'
import { MailCheck } from 'lucide-react'
import { supabase } from '@/lib/supabase.ts'
import { Button } from '@/ui/button.tsx'
import { FormError } from '@/ui/field.tsx'
import { TextField } from '@/ui/text-field.tsx'
import { authMessage } from './auth-message.ts'
import { Entrance, OtherDoor } from './entrance.tsx'

type Account = { name: string; email: string; password: string }

export function SignUpPage() {
  const signUp = useMutation({
    mutationFn: async ({ name, email, password }: Account) => {
      const { data, error } = await supabase().auth.signUp({
        email: email.trim(),
        password,
        options: { data: { full_name: name.trim() } },
      })
      if (error) throw new Error(authMessage(error))
      return { confirm: data.session === null }
    },
  })
  if (signUp.data?.confirm) return <ConfirmPage email={signUp.variables.email} />
  return (
    <Entrance title='Create your account' subtitle='A team comes next.'>
      <AccountForm error={signUp.error?.message} busy={signUp.isPending} onSubmit={signUp.mutate} />
      <OtherDoor question='Already have one?' to='/sign-in'>Sign in</OtherDoor>
    </Entrance>
  )
}

function AccountForm(
  { error, busy, onSubmit }: {
    error?: string
    busy: boolean
    onSubmit: (account: Account) => void
  },
) {
  const [account, setAccount] = useState<Account>({ name: '', email: '', password: '' })
  const change = (part: Partial<Account>) => setAccount((now) => ({ ...now, ...part }))
  return (
    <form
      className='flex flex-col gap-4'
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(account)
      }}
    >
      <TextField
        label='Your name'
        autoComplete='name'
        required
        autoFocus
        maxLength={120}
        value={account.name}
        onValue={(name) => change({ name })}
      />
      <TextField
        label='E-mail'
        type='email'
        autoComplete='username'
        inputMode='email'
        required
        value={account.email}
        onValue={(email) => change({ email })}
      />
      <TextField
        label='Password'
        hint='At least 8 characters.'
        type='password'
        autoComplete='new-password'
        required
        minLength={8}
        value={account.password}
        onValue={(password) => change({ password })}
      />
      <FormError>{error}</FormError>
      <Button type='submit' look='primary' busy={busy} className='w-full'>Create account</Button>
    </form>
  )
}

function ConfirmPage({ email }: { email: string }) {
  return (
    <Entrance title='Check your e-mail'>
      <p className='flex gap-3 text-base text-muted'>
        <MailCheck aria-hidden className='mt-1 size-5 shrink-0 text-accent' />
        <span>
          We sent a link to <strong className='text-text'>{email}</strong>. Open it to finish.
        </span>
      </p>
    </Entrance>
  )
}
