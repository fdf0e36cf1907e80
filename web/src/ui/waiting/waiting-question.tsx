// What an execution waits for, with the means to end the wait: a form, a page to open, or a sign-in.
import type { ReactNode } from 'react'
import { hashKey } from '@tanstack/react-query'
import { Globe, KeyRound, MessageCircleQuestion } from 'lucide-react'
import type { Followed } from '@/lib/followed.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { FormQuestion } from './form-question.tsx'
import { SignInQuestion } from './sign-in-question.tsx'
import { UrlQuestion } from './url-question.tsx'
import { WaitingFrame } from './waiting-frame.tsx'

type Props = {
  followed: Followed
  waiting: Waiting
  serverName: string
  /** The server’s own address; null where it has none. */
  serverUrl: string | null
  /** Names the call; left out where the page is all about it. */
  about?: ReactNode
  /** May connect the team’s account. */
  admin: boolean
  /** Its place among the page’s headings. */
  heading: 'h2' | 'h3'
}

export function WaitingQuestion(props: Props) {
  const { followed: { asked }, waiting, about, serverName } = props
  const { cancel } = waiting
  const signIn = asked === null || 'account' in asked
  const account = signIn ? asked?.account ?? null : null
  return (
    <WaitingFrame
      icon={iconOf(asked)}
      title={signIn
        ? titleOfSignIn(account, props)
        : <TitleOf server={asked.server_name} wants={asked.mode} />}
      heading={props.heading}
      about={about}
      cancelling={cancel.isPending}
      onCancel={() => cancel.mutate()}
    >
      {cancel.error && <p role='alert' className='mb-2 text-sm text-bad'>{cancel.error.message}</p>}
      {signIn
        ? (
          <SignInQuestion
            account={account}
            serverName={serverName}
            admin={props.admin}
            signIn={waiting.signIn}
          />
        )
        : asked.mode === 'url'
        ? (
          <UrlQuestion
            key={asked.url}
            asked={asked}
            serverUrl={props.serverUrl}
            answer={waiting.answer}
          />
        )
        : (
          // Another question is another form. The same one told again, its names in another order, is not.
          <FormQuestion key={hashKey([asked])} asked={asked} answer={waiting.answer} />
        )}
    </WaitingFrame>
  )
}

function iconOf(asked: Followed['asked']): ReactNode {
  if (asked === null || 'account' in asked) return <KeyRound aria-hidden />
  return asked.mode === 'url' ? <Globe aria-hidden /> : <MessageCircleQuestion aria-hidden />
}

function TitleOf({ server, wants }: { server: string; wants: 'form' | 'url' }) {
  return (
    <>
      <strong className='font-semibold'>{server}</strong>
      {wants === 'form' ? ' asks you something' : ' asks you to open a page'}
    </>
  )
}

function titleOfSignIn(account: 'team' | 'person' | null, { admin, serverName }: Props): ReactNode {
  const name = <strong className='font-semibold'>{serverName}</strong>
  if (account === 'team' && !admin) return <>An admin has to sign in to {name} for the team</>
  return account === 'team' ? <>Sign in to {name} for the team</> : <>Sign in to {name}</>
}
