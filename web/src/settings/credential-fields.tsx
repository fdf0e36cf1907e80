// Typing a credential. Values are masked, never remembered by the browser, and never come back from the server.
import { Plus, X } from 'lucide-react'
import type { FieldProblem } from '@shared/errors.ts'
import { Button } from '@/ui/button.tsx'
import { Field } from '@/ui/field.tsx'
import { IconButton } from '@/ui/icon-button.tsx'
import { Input, Select } from '@/ui/input.tsx'
import {
  type CredentialDraft,
  type CredentialKind,
  credentialWords,
  type HeaderRow,
} from './credential-draft.ts'

type Props = {
  draft: CredentialDraft
  onChange: (draft: CredentialDraft) => void
  problems: FieldProblem[]
  /** Leaves out “None”: where a credential is being replaced. */
  needed?: boolean
}

export function CredentialFields({ draft, onChange, problems, needed }: Props) {
  const kinds = (Object.keys(credentialWords) as CredentialKind[])
    .filter((kind) => !needed || kind !== 'none')
  return (
    <>
      <Field
        label='Sign-in'
        hint={draft.kind === 'none'
          ? 'For servers that anyone may use.'
          : 'Stored encrypted. It is never shown again, to anyone.'}
      >
        {(control) => (
          <Select
            {...control}
            value={draft.kind}
            onChange={(event) => onChange({ ...draft, kind: event.target.value as CredentialKind })}
          >
            {kinds.map((kind) => <option key={kind} value={kind}>{credentialWords[kind]}</option>)}
          </Select>
        )}
      </Field>
      <Inputs draft={draft} onChange={onChange} problems={problems} />
    </>
  )
}

function Inputs({ draft, onChange, problems }: Props) {
  const errorOf = (path: string) =>
    problems.find((problem) => problem.path === `credential.${path}`)?.message
  const field = (name: 'header' | 'value' | 'username' | 'password', label: string) => (
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
  switch (draft.kind) {
    case 'none':
      return null
    case 'api_key':
      return [field('header', 'Header'), field('value', 'Key')]
    case 'oauth_token':
      return field('value', 'Token')
    case 'basic_auth':
      return [field('username', 'User name'), field('password', 'Password')]
    case 'custom':
      return (
        <HeaderRows
          rows={draft.headers}
          onChange={(headers) => onChange({ ...draft, headers })}
          errorOf={errorOf}
        />
      )
  }
}

/** Masked without being a login: password managers keep out, and so does autocorrect. */
const plain = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const
const secret = {
  ...plain,
  type: 'password',
  autoComplete: 'new-password',
  'data-1p-ignore': true,
} as const

type RowsProps = {
  rows: HeaderRow[]
  onChange: (rows: HeaderRow[]) => void
  errorOf: (path: string) => string | undefined
}

function HeaderRows({ rows, onChange, errorOf }: RowsProps) {
  const set = (at: number, change: Partial<HeaderRow>) =>
    onChange(rows.map((row, index) => index === at ? { ...row, ...change } : row))
  return (
    <div className='flex flex-col gap-3'>
      {rows.map((row, at) => (
        <div key={at} className='flex items-end gap-2'>
          <div className='grid min-w-0 grow gap-2 sm:grid-cols-2'>
            <Field label={`Header ${at + 1}`} error={errorOf(`headers.${at}.name`)}>
              {(control) => (
                <Input
                  {...control}
                  {...plain}
                  value={row.name}
                  onChange={(event) => set(at, { name: event.target.value })}
                />
              )}
            </Field>
            <Field label={`Value ${at + 1}`} error={errorOf(`headers.${at}.value`)}>
              {(control) => (
                <Input
                  {...control}
                  {...secret}
                  value={row.value}
                  onChange={(event) => set(at, { value: event.target.value })}
                />
              )}
            </Field>
          </div>
          {rows.length > 1 && (
            <IconButton
              label={`Remove header ${at + 1}`}
              icon={<X aria-hidden />}
              onClick={() => onChange(rows.filter((_, index) => index !== at))}
            />
          )}
        </div>
      ))}
      <Button
        className='self-start'
        icon={<Plus aria-hidden />}
        disabled={rows.length >= 16}
        onClick={() => onChange([...rows, { name: '', value: '' }])}
      >
        Add header
      </Button>
    </div>
  )
}
