// Signing in with e-mail and password.
import { useState } from 'react'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { supabase } from '@/lib/supabase.ts'
import { Button } from '@/ui/button.tsx'
import { Field, FormError } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { authMessage } from './auth-message.ts'
import { Entrance } from './entrance.tsx'

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
        <Field label='E-mail' required>
          {(control) => (
            <Input
              {...control}
              type='email'
              autoComplete='username'
              inputMode='email'
              required
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label='Password' required>
          {(control) => (
            <Input
              {...control}
              type='password'
              autoComplete='current-password'
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <FormError>{signIn.error?.message}</FormError>
        <Button type='submit' look='primary' busy={signIn.isPending} className='w-full'>
          Sign in
        </Button>
      </form>
      <p className='text-sm text-muted'>
        New here?{' '}
        <Link
          to='/sign-up'
          className='inline-flex min-h-11 items-center font-medium text-accent underline-offset-4 hover:underline'
        >
          Create an account
        </Link>
      </p>
    </Entrance>
  )
}
