// Typing a credential. Values are masked, never remembered by the browser, and never come back from the server.
import { useId } from 'react'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { FieldProblem } from '@shared/errors.ts'
import { Field } from '@/ui/field.tsx'
import { Input, Select } from '@/ui/input.tsx'
import { type CredentialDraft, type CredentialKind, credentialWords } from './credential-draft.ts'
import { ClientFields, type PartProps } from './client-fields.tsx'
import { HeaderRows } from './header-rows.tsx'
import { plain, secret } from './masked.ts'

type Props = {
  draft: CredentialDraft
  onChange: (draft: CredentialDraft) => void
  problems: FieldProblem[]
  kinds: CredentialKind[]
}

const all = Object.keys(credentialWords) as CredentialKind[]
export const everyKind = all
/** What a person can type in: neither nothing nor a sign-in. */
export const typedKinds = all.filter((kind) => kind !== 'none' && kind !== 'oauth')

export function CredentialFields({ draft, onChange, problems, kinds }: Props) {
  return (
    <>
      <Field label='Sign-in' hint={hintOf(draft.kind)}>
        {(control) => (
          <Select
            {...control}
            value={draft.kind}
            onChange={(event) => onChange({ ...draft, kind: event.target.value as CredentialKind })}
          >
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {kind === 'none' ? 'None, or the test will tell' : credentialWords[kind]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Inputs draft={draft} onChange={onChange} problems={problems} />
    </>
  )
}

function hintOf(kind: CredentialKind): string {
  if (kind === 'none') return 'If the server wants a sign-in, its test offers it.'
  if (kind === 'oauth') return 'You sign in on the server’s own page, after the test.'
  return 'Stored encrypted. It is never shown again, to anyone.'
}

type TextName = 'header' | 'value' | 'username' | 'password' | 'parameter'
function Inputs({ draft, onChange, problems }: Omit<Props, 'kinds'>) {
  const errorOf = (path: string) =>
    problems.find((problem) => problem.path === `credential.${path}`)?.message
  const part = { draft, onChange, errorOf }
  const field = (name: TextName, label: string) => (
    <Field key={name} label={label} error={errorOf(name)} required>
      {(control) => (
        <Input
          {...control}
          {...(name === 'value' || name === 'password' ? secret : plain)}
          value={draft[name]}
          onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
        />
      )}
    </Field>
  )
  const expiry = <ExpiryField key='expires' {...part} />
  switch (draft.kind) {
    case 'none':
      return null
    case 'oauth':
      return <ClientFields {...part} optional secretNeeded={false} />
    case 'api_key':
      return [field('header', 'Header'), field('value', 'Key'), expiry]
    case 'oauth_token':
      return [field('value', 'Token'), expiry]
    case 'basic_auth':
      return [field('username', 'User name'), field('password', 'Password'), expiry]
    case 'client_credentials':
      return [<ClientFields key='client' {...part} secretNeeded />, expiry]
    case 'query_key':
      return [
        field('parameter', 'Name in the address'),
        field('value', 'Key'),
        <RiskBox key='risk' {...part} />,
        expiry,
      ]
    case 'custom':
      return [
        <HeaderRows
          key='headers'
          rows={draft.headers}
          onChange={(headers) => onChange({ ...draft, headers })}
          errorOf={errorOf}
        />,
        expiry,
      ]
  }
}

function ExpiryField({ draft, onChange, errorOf }: PartProps) {
  return (
    <Field
      label='Expires on'
      required={false}
      hint='If you know it, Astra warns you two weeks ahead.'
      error={errorOf('expires_at')}
    >
      {(control) => (
        <Input
          {...control}
          type='date'
          value={draft.expires}
          onChange={(event) => onChange({ ...draft, expires: event.target.value })}
        />
      )}
    </Field>
  )
}

function RiskBox({ draft, onChange, errorOf }: PartProps) {
  const error = errorOf('accept_risk')
  const id = useId()
  return (
    <div className='rounded-control bg-warn-soft px-3 py-2'>
      <p className='flex gap-2 text-sm'>
        <TriangleAlert aria-hidden className='mt-0.5 size-4 shrink-0 text-warn' />
        <span>
          Addresses end up in logs: the server’s, and those of everything on the way to it. Whoever
          reads one of them has the key. Use a header if the server takes one.
        </span>
      </p>
      <label className='flex min-h-11 items-center gap-3 pt-1 text-sm font-medium'>
        <input
          type='checkbox'
          className='size-5 shrink-0 text-base accent-accent'
          checked={draft.acceptRisk}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? id : undefined}
          onChange={(event) => onChange({ ...draft, acceptRisk: event.target.checked })}
        />
        I know this, and send it in the address all the same
      </label>
      {error && (
        <p id={id} className='flex items-center gap-1.5 pb-1 text-sm text-bad'>
          <CircleAlert aria-hidden className='size-4 shrink-0' />
          {error}
        </p>
      )}
    </div>
  )
}
