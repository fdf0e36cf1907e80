// What an execution waits for, with the means to end the wait: a yes, a form, a page to open, or a sign-in.
import type { ReactNode } from 'react'
import { hashKey } from '@tanstack/react-query'
import { Globe, KeyRound, MessageCircleQuestion } from 'lucide-react'
import type { InputRequest } from '@shared/execution.ts'
import { asksApproval, type Followed } from '@/lib/followed.ts'
import type { Waiting } from '@/lib/use-waiting.ts'
import { ApprovalQuestion, type AskedCall } from './approval-question.tsx'
import { FormQuestion } from './form-question.tsx'
import { SignInQuestion } from './sign-in-question.tsx'
import { UrlQuestion } from './url-question.tsx'
import { WaitingFrame } from './waiting-frame.tsx'

type Props = {
  followed: Followed
  waiting: Waiting
  /** What it is that waits. */
  call: AskedCall
  /** The server’s own address; null where it has none. */
  serverUrl: string | null
  /** Names the call; left out where the page is all about it. */
  about?: ReactNode
  /** May connect the team’s account, and approve what only admins may. */
  admin: boolean
  /** Its place among the page’s headings. */
  heading: 'h2' | 'h3'
}
type Other = Exclude<Followed['asked'], { approval_id: string }>

export function WaitingQuestion(props: Props) {
  const { followed: { asked }, waiting, call, admin, heading } = props
  if (!asksApproval(asked)) return <OtherQuestion {...props} asked={asked} />
  return <ApprovalQuestion key={asked.approval_id} {...{ asked, call, waiting, admin, heading }} />
}

function OtherQuestion(props: Props & { asked: Other }) {
  const { asked, waiting, about, call } = props
  const { cancel } = waiting
  return (
    <WaitingFrame
      icon={iconOf(asked)}
      title={isInput(asked)
        ? <TitleOf server={asked.server_name} wants={asked.mode} />
        : titleOfSignIn(asked?.account ?? null, props)}
      heading={props.heading}
      about={about}
      cancel={{ run: () => cancel.mutate(), busy: cancel.isPending }}
    >
      {cancel.error && <p role='alert' className='mb-2 text-sm text-bad'>{cancel.error.message}</p>}
      {isInput(asked) ? <Input {...props} asked={asked} /> : (
        <SignInQuestion
          account={asked?.account ?? null}
          serverName={call.server}
          admin={props.admin}
          signIn={waiting.signIn}
        />
      )}
    </WaitingFrame>
  )
}

function Input({ asked, serverUrl, waiting: { answer } }: Props & { asked: InputRequest }) {
  if (asked.mode === 'url') {
    return <UrlQuestion key={asked.url} asked={asked} serverUrl={serverUrl} answer={answer} />
  }
  // Another question is another form. The same one told again, its names in another order, is not.
  return <FormQuestion key={hashKey([asked])} asked={asked} answer={answer} />
}

function isInput(asked: Other): asked is InputRequest {
  return asked !== null && 'mode' in asked
}

function iconOf(asked: Other): ReactNode {
  if (!isInput(asked)) return <KeyRound aria-hidden />
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

function titleOfSignIn(account: 'team' | 'person' | null, { admin, call }: Props): ReactNode {
  const name = <strong className='font-semibold'>{call.server}</strong>
  if (account === 'team' && !admin) return <>An admin has to sign in to {name} for the team</>
  return account === 'team' ? <>Sign in to {name} for the team</> : <>Sign in to {name}</>
}
