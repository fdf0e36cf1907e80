// Draws one field of a plan and hands back what is typed. Knows nothing of schemas.
import { createContext, type ReactNode, useContext } from 'react'
import { type ControlProps, Field as Labelled } from '@/ui/field.tsx'
import { Input, Select, Textarea } from '@/ui/input.tsx'
import { Switch } from '@/ui/switch.tsx'
import { ChecksView, RadiosView } from './choices-view.tsx'
import type { ChoiceField, Draft, Field, NumberField, TextField } from './field.ts'
import { GroupView } from './group-view.tsx'
import { ListView } from './list-view.tsx'
import type { ProblemsByPath } from './problems.ts'
import { VariantView } from './variant-view.tsx'

export type ViewProps<Kind extends Field = Field> = {
  field: Kind
  draft: Draft
  path: string
  onChange: (draft: Draft) => void
  /** Its frame already says the name: keep the label for screen readers only. */
  hideLabel?: boolean
}

export const Problems = createContext<ProblemsByPath>(new Map())

export function FieldView(props: ViewProps): ReactNode {
  const { field } = props
  switch (field.kind) {
    case 'text':
      return <TextView {...props} field={field} />
    case 'number':
      return <NumberView {...props} field={field} />
    case 'switch':
      return <SwitchView {...props} />
    case 'choice':
      return <ChoiceView {...props} field={field} />
    case 'choices':
      return <ChecksView {...props} field={field} />
    case 'list':
      return <ListView {...props} field={field} />
    case 'group':
      return <GroupView {...props} field={field} />
    case 'variant':
      return <VariantView {...props} field={field} />
    case 'json':
      return <JsonView {...props} />
  }
}

type FrameProps = ViewProps & { hint?: ReactNode; children: (control: ControlProps) => ReactNode }

/** Label, description and problem around one control. */
export function Frame({ field, path, hideLabel, hint, children }: FrameProps) {
  const problem = useContext(Problems).get(path)
  return (
    <Labelled
      label={field.label}
      hint={hint ?? field.description}
      error={problem}
      required={field.required}
      hideLabel={hideLabel}
    >
      {children}
    </Labelled>
  )
}

const typeOfFormat = {
  'text': 'text',
  'email': 'email',
  'date': 'date',
  'date-time': 'datetime-local',
  'time': 'text',
  'uri': 'url',
} as const

function TextView(props: ViewProps<TextField>) {
  const { field, draft, path, onChange } = props
  return (
    <Frame {...props}>
      {(control) => {
        const shared = {
          ...control,
          'data-path': path,
          value: String(draft ?? ''),
          autoComplete: 'off',
          spellCheck: field.long,
        }
        return field.long
          ? <Textarea {...shared} onChange={(event) => onChange(event.target.value)} />
          : (
            <Input
              {...shared}
              type={typeOfFormat[field.format]}
              step={field.format === 'date-time' ? 1 : undefined}
              autoCapitalize='off'
              onChange={(event) => onChange(event.target.value)}
            />
          )
      }}
    </Frame>
  )
}

/** A text box with a number pad: `type=number` drops what it cannot read and scrolls values away. */
function NumberView(props: ViewProps<NumberField>) {
  const { field, draft, path, onChange } = props
  const hint = [field.description, limits(field)].filter(Boolean).join(' · ')
  const whole = field.integer && (field.min ?? field.above ?? -1) >= 0
  return (
    <Frame {...props} hint={hint}>
      {(control) => (
        <Input
          {...control}
          data-path={path}
          inputMode={whole ? 'numeric' : 'text'}
          autoComplete='off'
          className='max-w-60 tabular-nums'
          value={String(draft ?? '')}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Frame>
  )
}

function limits({ integer, min, max, above, below, step }: NumberField): string {
  const low = min ?? above
  const high = max ?? below
  const parts = [
    low !== null && high !== null ? `${low} to ${high}` : '',
    low !== null && high === null ? `${above === null ? 'from' : 'above'} ${low}` : '',
    low === null && high !== null ? `${below === null ? 'up to' : 'below'} ${high}` : '',
    integer && low === null && high === null ? 'whole number' : '',
    step !== null && step !== 1 ? `in steps of ${step}` : '',
  ]
  return parts.filter(Boolean).join(', ')
}

function SwitchView(props: ViewProps) {
  const { field, draft, path, onChange } = props
  return (
    <div className='flex min-h-control items-center gap-3'>
      <Switch
        id={`switch-${path}`}
        data-path={path}
        aria-label={field.label}
        checked={draft === true}
        onCheckedChange={onChange}
      />
      <div className='min-w-0'>
        <span aria-hidden className={props.hideLabel ? 'sr-only' : 'text-sm font-medium'}>
          {field.label}
        </span>
        {field.description && <p className='text-xs text-muted'>{field.description}</p>}
      </div>
    </div>
  )
}

function ChoiceView(props: ViewProps<ChoiceField>) {
  const { field, draft, path, onChange } = props
  const short = field.options.reduce((length, { label }) => length + label.length, 0) <= 48
  if (field.required && field.options.length <= 4 && short) return <RadiosView {...props} />
  return (
    <Frame {...props}>
      {(control) => (
        <Select
          {...control}
          data-path={path}
          className='max-w-md'
          value={String(draft ?? '')}
          onChange={(event) => onChange(event.target.value)}
        >
          <option value=''>{field.required ? 'Choose…' : 'Not set'}</option>
          {field.options.map(({ label }, index) => (
            <option key={index} value={index}>{label}</option>
          ))}
        </Select>
      )}
    </Frame>
  )
}

function JsonView(props: ViewProps) {
  const { field, draft, path, onChange } = props
  const asked = { object: 'as a JSON object', array: 'as a JSON list' }
  const shape = field.kind === 'json' && field.shape ? asked[field.shape] : 'as JSON'
  const hint = [field.description, `Written ${shape}`].filter(Boolean).join(' · ')
  return (
    <Frame {...props} hint={hint}>
      {(control) => (
        <Textarea
          {...control}
          data-path={path}
          spellCheck={false}
          autoCapitalize='off'
          autoComplete='off'
          className='font-mono'
          value={String(draft ?? '')}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Frame>
  )
}
