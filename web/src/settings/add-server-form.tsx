// The form behind “Add a server”. One field to paste into; the rest follows from it and can be changed.
import { type FormEvent, useRef } from 'react'
import type { FieldProblem } from '@shared/errors.ts'
import { Field, FormError } from '@/ui/field.tsx'
import { Input, Select, Textarea } from '@/ui/input.tsx'
import { AccountChoice } from './account-choice.tsx'
import { CredentialFields, everyKind } from './credential-fields.tsx'
import { ReplicasField } from './replicas-field.tsx'
import { type ServerDraft, withAccount, withKeyMoved, withPaste } from './server-draft.ts'
import { replicaProblem } from './server-replicas.ts'
import type { ServerKind } from './server-source.ts'
import { kindWords } from './server-state.ts'

type Props = {
  id: string
  draft: ServerDraft
  onChange: (draft: ServerDraft) => void
  onSubmit: () => void
  problems: FieldProblem[]
  error: string | null
}

/** The dialog is opened to paste: the first thing it wants gets the focus. */
const focusOnMount = (input: HTMLInputElement | null) => input?.focus()

const code = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const

export function AddServerForm({ id, draft, onChange, onSubmit, problems, error }: Props) {
  const form = useRef<HTMLFormElement>(null)
  const errorOf = (path: string) => problems.find((problem) => problem.path === path)?.message
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
    )
  }
  const stdio = draft.kind === 'stdio'
  const part = { draft, onChange, errorOf }
  return (
    <form ref={form} id={id} noValidate onSubmit={submit} className='flex flex-col gap-4'>
      <FormError>{error}</FormError>
      {stdio ? <CommandFields {...part} /> : <AddressField {...part} />}
      <NameAndKind {...part} />
      {!stdio && (
        <AccountChoice
          value={draft.account}
          onChange={(account) => onChange(withAccount(draft, account))}
        />
      )}
      {!stdio && (
        <CredentialFields
          kinds={draft.account === 'team' ? everyKind : ['none', 'oauth']}
          draft={draft.credential}
          onChange={(credential) => onChange({ ...draft, credential })}
          problems={problems}
        />
      )}
      {!stdio && (
        <ReplicasField
          value={draft.replicas}
          onChange={(replicas) => onChange({ ...draft, replicas })}
          problem={replicaProblem(problems)}
        />
      )}
    </form>
  )
}

type PartProps = {
  draft: ServerDraft
  onChange: (draft: ServerDraft) => void
  errorOf: (path: string) => string | undefined
}

function AddressField({ draft, onChange, errorOf }: PartProps) {
  const hint = draft.others > 0
    ? `This configuration holds ${draft.others + 1} servers. This is the first one.`
    : 'Paste a URL, or the JSON another MCP program keeps for this server.'
  return (
    <Field label='Address' hint={hint} error={errorOf('config.url')} required>
      {(control) => (
        <Input
          {...control}
          {...code}
          ref={focusOnMount}
          inputMode='url'
          placeholder='https://mcp.example.com/mcp'
          value={draft.pasted}
          onChange={(event) => onChange(withPaste(draft, event.target.value))}
          onBlur={() => onChange(withKeyMoved(draft))}
        />
      )}
    </Field>
  )
}

function NameAndKind({ draft, onChange, errorOf }: PartProps) {
  return (
    <div className='grid gap-4 sm:grid-cols-2'>
      <Field label='Name' error={errorOf('name')} required>
        {(control) => (
          <Input
            {...control}
            autoComplete='off'
            value={draft.name}
            onChange={(event) => onChange({ ...draft, name: event.target.value, named: true })}
          />
        )}
      </Field>
      <Field label='Type'>
        {(control) => (
          <Select
            {...control}
            value={draft.kind}
            onChange={(event) => onChange({ ...draft, kind: event.target.value as ServerKind })}
          >
            {(Object.keys(kindWords) as ServerKind[]).map((kind) => (
              <option key={kind} value={kind}>{kindWords[kind]}</option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  )
}

function CommandFields({ draft, onChange, errorOf }: PartProps) {
  return (
    <>
      <p className='rounded-control bg-warn-soft px-3 py-2 text-sm'>
        Command servers need a stdio host, which this Astra does not have yet. You can keep the
        settings now; its tools come later.
      </p>
      <Field label='Command' error={errorOf('config.command')} required>
        {(control) => (
          <Input
            {...control}
            {...code}
            placeholder='npx'
            className='font-mono'
            value={draft.command}
            onChange={(event) => onChange({ ...draft, command: event.target.value })}
          />
        )}
      </Field>
      <Field label='Arguments' hint='One per line.' error={errorOf('config.args')}>
        {(control) => (
          <Textarea
            {...control}
            {...code}
            className='font-mono'
            value={draft.args}
            onChange={(event) => onChange({ ...draft, args: event.target.value })}
          />
        )}
      </Field>
      <Field
        label='Environment'
        hint='NAME=value, one per line. Values are stored encrypted and never shown again.'
        error={errorOf('config.env')}
      >
        {(control) => (
          <Textarea
            {...control}
            {...code}
            className='font-mono'
            value={draft.env}
            onChange={(event) => onChange({ ...draft, env: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}
