// The fields of the team’s model.
import type { TeamModel } from '@shared/model.ts'
import { Field } from '@/ui/field.tsx'
import { Input, Select } from '@/ui/input.tsx'
import { plain, secret } from './masked.ts'
import { keepsKey, type ModelDraft, type ModelProblems, withPreset } from './model-draft.ts'
import { type Preset, presetById, presets } from './model-presets.ts'
import { SwitchLine } from './switch-line.tsx'

type Props = {
  draft: ModelDraft
  kept: TeamModel | null
  onChange: (draft: ModelDraft) => void
  problems: ModelProblems
}

export function ModelFields({ draft, kept, onChange, problems }: Props) {
  const preset = presetById(draft.preset)
  const put = (part: Partial<ModelDraft>) => onChange({ ...draft, ...part })
  return (
    <>
      <div className='grid gap-4 sm:grid-cols-2'>
        <Field label='Provider'>
          {(control) => (
            <Select
              {...control}
              value={draft.preset}
              onChange={({ target }) =>
                onChange(withPreset({ ...draft, name: '' }, presetById(target.value)))}
            >
              {presets.map(({ id, label }) => <option key={id} value={id}>{label}</option>)}
            </Select>
          )}
        </Field>
        <Field
          label='Model'
          error={problems.name}
          hint={preset.example ? `For example ${preset.example}` : 'The name it has there'}
          required
        >
          {(control) => (
            <Input
              {...control}
              {...plain}
              maxLength={200}
              value={draft.name}
              onChange={({ target }) => put({ name: target.value })}
            />
          )}
        </Field>
      </div>
      <Field
        label='Address'
        error={problems.base_url}
        required={preset.base_url === null ? false : undefined}
        hint={addressHint(preset)}
      >
        {(control) => (
          <Input
            {...control}
            {...plain}
            inputMode='url'
            placeholder={preset.base_url === null ? 'Its own' : 'https://…/v1'}
            value={draft.base_url}
            onChange={({ target }) => put({ base_url: target.value })}
          />
        )}
      </Field>
      <Field
        label='Key'
        required={preset.keys === null ? false : undefined}
        hint={<KeyHint draft={draft} kept={kept} preset={preset} />}
      >
        {(control) => (
          <Input
            {...control}
            {...secret}
            placeholder={keepsKey(draft, kept) ? 'Kept. Type to replace it' : ''}
            value={draft.key}
            onChange={({ target }) => put({ key: target.value })}
          />
        )}
      </Field>
      <SwitchLine
        label='Takes pictures'
        checked={draft.takes_images}
        onChange={(takes_images) => put({ takes_images })}
      >
        It is shown the pictures that people attach. Not every model can look at any.
      </SwitchLine>
    </>
  )
}

function addressHint({ local, base_url }: Preset): string {
  if (base_url === null) return 'Left empty, Anthropic’s own.'
  if (local) {
    return 'As the computer that Astra runs on reaches it. Its operator lists it in ASTRA_ALLOWED_PRIVATE_HOSTS first.'
  }
  return 'Where its chat completions are, without that last part. Most end in /v1.'
}

function KeyHint({ draft, kept, preset }: Pick<Props, 'draft' | 'kept'> & { preset: Preset }) {
  if (keepsKey(draft, kept)) return 'A key is kept, encrypted. It is never shown again, to anyone.'
  const stays = kept?.has_key
    ? 'The kept key is for the other address and goes nowhere else: it is forgotten.'
    : 'Stored encrypted. It is never shown again, to anyone.'
  if (preset.keys === null) return stays
  return (
    <>
      {stays} {preset.label} makes keys at{' '}
      <a
        href={preset.keys}
        target='_blank'
        rel='noreferrer'
        className='text-accent underline underline-offset-2'
      >
        {new URL(preset.keys).host}
      </a>.
    </>
  )
}
