// What a form can draw, as data. A schema becomes one of these; whatever cannot is `json`.
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** What surrounds every control. `nullable`: an empty required field is sent as null. */
type Frame = {
  label: string
  description: string | null
  required: boolean
  nullable: boolean
  /** The schema's `default`, as it stands; undefined when there is none. */
  preset: unknown
}

export type TextFormat = 'text' | 'email' | 'date' | 'date-time' | 'time' | 'uri'
export type Option = { label: string; value: Json }
export type NamedField = { name: string; field: Field }

export type TextField = Frame & {
  kind: 'text'
  format: TextFormat
  long: boolean
  minLength: number
  maxLength: number | null
}
export type NumberField = Frame & {
  kind: 'number'
  integer: boolean
  /** Limits are inclusive unless `above` / `below` say otherwise. */
  min: number | null
  max: number | null
  above: number | null
  below: number | null
  step: number | null
}
export type SwitchField = Frame & { kind: 'switch' }
export type ChoiceField = Frame & { kind: 'choice'; options: Option[] }
export type ChoicesField = Frame & {
  kind: 'choices'
  options: Option[]
  min: number
  max: number | null
}
export type ListField = Frame & { kind: 'list'; item: Field; min: number; max: number | null }
export type GroupField = Frame & { kind: 'group'; fields: NamedField[] }
export type VariantField = Frame & { kind: 'variant'; variants: Field[] }
/** `shape`: what the schema says the value's outermost type is, when it says. */
export type JsonField = Frame & { kind: 'json'; shape: 'object' | 'array' | null }

export type Field =
  | TextField
  | NumberField
  | SwitchField
  | ChoiceField
  | ChoicesField
  | ListField
  | GroupField
  | VariantField
  | JsonField

/** What a person has typed so far, in the shape of its field. */
export type Draft =
  | string
  | boolean
  | undefined
  | Draft[]
  | { [name: string]: Draft }
  | VariantDraft
export class VariantDraft {
  constructor(readonly chosen: number, readonly draft: Draft) {}
}
