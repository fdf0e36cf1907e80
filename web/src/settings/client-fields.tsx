// A client registered by hand at a server: for a machine's own account, or for the sign-ins of people.
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import type { CredentialDraft } from './credential-draft.ts'
import { plain, secret } from './masked.ts'

export type PartProps = {
  draft: CredentialDraft
  onChange: (draft: CredentialDraft) => void
  errorOf: (path: string) => string | undefined
}

type Props = PartProps & { optional?: boolean; secretNeeded: boolean }
type Name = 'client_id' | 'client_secret' | 'scope'

export function ClientFields({ draft, onChange, errorOf, optional, secretNeeded }: Props) {
  const field = (name: Name, label: string, more: { required: boolean; hint?: string }) => (
    <Field label={label} hint={more.hint} error={errorOf(name)} required={more.required}>
      {(control) => (
        <Input
          {...control}
          {...(name === 'client_secret' ? secret : plain)}
          value={draft[name]}
          onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
        />
      )}
    </Field>
  )
  return (
    <>
      {field('client_id', 'Client id', {
        required: !optional,
        hint: optional
          ? 'Only where the server’s makers want a client registered by hand. Most do without.'
          : undefined,
      })}
      {field('client_secret', 'Client secret', { required: secretNeeded })}
      {field('scope', 'Scopes', { required: false, hint: 'With spaces between them.' })}
    </>
  )
}
