// Text and number fields out of a schema. Patterns are not read: a stranger's regular expression may never end.
import type { NumberField, TextField, TextFormat } from './field.ts'
import { count, finite, type Schema, typeOf } from './reduce.ts'

type Frame = Pick<TextField, 'label' | 'description' | 'required' | 'nullable' | 'preset'>

const formats: Record<string, TextFormat | undefined> = {
  email: 'email',
  'idn-email': 'email',
  date: 'date',
  'date-time': 'date-time',
  time: 'time',
  uri: 'uri',
  url: 'uri',
}

/** Names whose values are usually longer than one line. */
const wordy =
  /^(text|contents?|body|message|prompt|markdown|html|code|sql|script|notes?|thought|summary)$/i

export function textField(
  schema: Schema,
  { frame, name }: { frame: Frame; name: string },
): TextField {
  const format = formats[String(schema.format)] ?? 'text'
  const maxLength = count(schema.maxLength)
  const long = format === 'text' && (maxLength === null ? wordy.test(name) : maxLength > 120)
  return {
    ...frame,
    kind: 'text',
    format,
    long,
    minLength: count(schema.minLength) ?? 0,
    maxLength,
  }
}

export function numberField(schema: Schema, frame: Frame): NumberField {
  const step = finite(schema.multipleOf)
  return {
    ...frame,
    kind: 'number',
    integer: typeOf(schema) === 'integer',
    min: finite(schema.minimum),
    max: finite(schema.maximum),
    above: finite(schema.exclusiveMinimum),
    below: finite(schema.exclusiveMaximum),
    step: step !== null && step > 0 ? step : null,
  }
}
