// Signing in with e-mail and password.
import { useState } from 'react'
import { useMutation } from '@tanstack/react-query'
import { supabase } from '@/lib/supabase.ts'
import { Button } from '@/ui/button.tsx'
import { FormError } from '@/ui/field.tsx'
import { TextField } from '@/ui/text-field.tsx'
import { authMessage } from './auth-message.ts'
import { Entrance, OtherDoor } from './entrance.tsx'

export function SignInPage() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: async () => {
      const { error } = await supabase().auth.signInWithPassword({ email: email.trim(), password })
      if (error) throw new Error(authMessage(error))
    },
  })
  return (
    <Entrance title='Sign in to Astra' subtitle='Your team’s assistant, with your team’s tools.'>
      <form
        className='flex flex-col gap-4'
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate()
        }}
      >
        <TextField
          label='E-mail'
          type='email'
          autoComplete='username'
          inputMode='email'
          required
          autoFocus
          value={email}
          onValue={setEmail}
        />
        <TextField
          label='Password'
          type='password'
          autoComplete='current-password'
          required
          value={password}
          onValue={setPassword}
        />
        <FormError>{signIn.error?.message}</FormError>
        <Button type='submit' look='primary' busy={signIn.isPending} className='w-full'>
          Sign in
        </Button>
      </form>
      <OtherDoor question='New here?' to='/sign-up'>Create an account</OtherDoor>
    </Entrance>
  )
}
