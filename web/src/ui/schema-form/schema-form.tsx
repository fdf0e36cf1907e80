// A form made from a tool's JSON Schema, with the same value as JSON one click away.
// It checks what it can and says so beside the field; what the server finds is shown the same way.
import { type FormEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import { Braces, TextCursorInput } from 'lucide-react'
import type { FieldProblem } from '@shared/errors.ts'
import { isRecord } from '@shared/json.ts'
import type { JsonSchema } from '@shared/tool.ts'
import { Button } from '@/ui/button.tsx'
import { FormError } from '@/ui/field.tsx'
import { draftOf, fits } from './draft.ts'
import type { Draft, Field, Json } from './field.ts'
import { FieldView, Problems } from './field-view.tsx'
import { Fields } from './group-view.tsx'
import { planForm, takesNothing } from './plan.ts'
import { placeProblems, withoutPrefix } from './problems.ts'
import { readDraft } from './read.ts'

type Props = {
  /** Another schema or another value needs another `key`: what is typed is kept until then. */
  schema: JsonSchema
  value?: Record<string, unknown>
  onSubmit: (value: Record<string, unknown>) => void
  submitLabel: string
  busy?: boolean
  /** What the server found wrong; paths start with `parameters`. Gone with the next edit. */
  problems?: readonly FieldProblem[]
  /** More buttons, beside the submit button. */
  footer?: ReactNode
  /** May not be sent just now; what is typed stays. */
  disabled?: boolean
  /** Never as JSON, where fields can hold it. */
  fieldsOnly?: boolean
  /** Said in place of fields where there are none. */
  nothing?: string
}

type Sheet = { field: Field; draft: Draft }
const none: readonly FieldProblem[] = []

export function SchemaForm(props: Props) {
  const { schema, value, busy, disabled, submitLabel, footer, problems = none } = props
  const form = useRef<HTMLFormElement>(null)
  const planned = useMemo(() => planForm(schema), [schema])
  const [sheet, setSheet] = useState<Sheet>(() => firstSheet(planned, value))
  const [attempted, setAttempted] = useState(false)
  const [answered, setAnswered] = useState<readonly FieldProblem[]>(none)
  const found = attempted ? readDraft(sheet.field, sheet.draft).problems : none
  const told = problems === answered ? none : problems.map(withoutPrefix)
  const placed = placeProblems([...found, ...told], sheet)
  const change = (draft: Draft) => {
    setSheet({ ...sheet, draft })
    setAnswered(problems)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy || disabled) return
    setAttempted(true)
    const read = readDraft(sheet.field, sheet.draft)
    const first = read.problems[0]
    if (first) return focusPath(form.current, first.path)
    setAnswered(none)
    props.onSubmit(isRecord(read.value) ? read.value : {})
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a shortcut for the keyboard, beside the button
    <form ref={form} noValidate autoComplete='off' onSubmit={submit} onKeyDown={submitOnModEnter}>
      <Problems value={placed}>
        <FormError>{sheet.field.kind === 'group' ? placed.get('') : null}</FormError>
        <Body sheet={sheet} nothing={props.nothing} onChange={change} />
      </Problems>
      <div className='mt-4 flex flex-wrap items-center gap-2'>
        <Button type='submit' look='primary' busy={busy} disabled={disabled}>
          {submitLabel}
        </Button>
        {footer}
        {!props.fieldsOnly && planned.kind === 'group' && !takesNothing(planned) && (
          <ModeButton planned={planned} sheet={sheet} onSheet={setSheet} />
        )}
      </div>
    </form>
  )
}

type BodyProps = { sheet: Sheet; nothing?: string; onChange: (draft: Draft) => void }

function Body({ sheet, nothing = 'This tool takes no arguments.', onChange }: BodyProps) {
  const { field, draft } = sheet
  if (takesNothing(field)) return <p className='text-sm text-muted'>{nothing}</p>
  if (field.kind !== 'group') {
    return <FieldView field={field} draft={draft} path='' onChange={onChange} />
  }
  return <Fields field={field} draft={draft} path='' onChange={onChange} />
}

type ModeProps = { planned: Field; sheet: Sheet; onSheet: (sheet: Sheet) => void }

/** Between fields and JSON. Back to fields only when they can hold everything that was written. */
function ModeButton({ planned, sheet, onSheet }: ModeProps) {
  if (sheet.field.kind === 'group') {
    const toJson = () =>
      onSheet(jsonSheet(planned, readDraft(sheet.field, sheet.draft).value ?? {}))
    return (
      <Button look='quiet' icon={<Braces aria-hidden />} onClick={toJson} className='sm:ml-auto'>
        As JSON
      </Button>
    )
  }
  const { value } = readDraft(sheet.field, sheet.draft)
  const possible = isRecord(value) && holds(planned, value)
  const toFields = () => onSheet({ field: planned, draft: draftOf(planned, value) })
  return (
    <Button
      look='quiet'
      icon={<TextCursorInput aria-hidden />}
      disabled={!possible}
      title={possible ? undefined : 'The fields cannot hold this value'}
      onClick={toFields}
      className='sm:ml-auto'
    >
      As fields
    </Button>
  )
}

function firstSheet(field: Field, value: Record<string, unknown> | undefined): Sheet {
  if (value !== undefined && field.kind === 'group' && !holds(field, value)) {
    return jsonSheet(field, value)
  }
  return { field, draft: draftOf(field, value) }
}

/** Incomplete is fine, losing something is not: only names and shapes the fields know. */
function holds(field: Field, value: Record<string, unknown>): boolean {
  if (field.kind !== 'group') return false
  return Object.keys(value).every((name) => {
    const known = field.fields.find((one) => one.name === name)
    return known !== undefined && fits(known.field, value[name])
  })
}

function jsonSheet(planned: Field, value: unknown): Sheet {
  const { label, required, nullable } = planned
  const field: Field = {
    kind: 'json',
    shape: 'object',
    description: null,
    preset: undefined,
    label,
    required,
    nullable,
  }
  return { field, draft: JSON.stringify(value as Json, null, 2) }
}

function focusPath(form: HTMLFormElement | null, path: string) {
  form?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus()
}

function submitOnModEnter(event: React.KeyboardEvent<HTMLFormElement>) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) {
    return
  }
  event.preventDefault()
  event.currentTarget.requestSubmit()
}
