// The exact arguments of a call that waits for a yes.
import { ArgumentList } from '@/ui/argument-list.tsx'
import { Fold } from '@/ui/content/fold.tsx'

/** What stands in place of a secret wherever it is shown. */
const redacted = '[redacted]'

export function ShownArguments({ values }: { values: Record<string, unknown> }) {
  if (Object.keys(values).length === 0) {
    return <p className='text-sm text-muted'>It is run without arguments.</p>
  }
  return (
    <>
      <Fold className='rounded-control bg-surface px-3 py-2'>
        <ArgumentList values={values} whole />
      </Fold>
      {JSON.stringify(values).includes(redacted) && (
        <p className='mt-2 text-xs text-muted'>
          What is shown as {redacted} is a secret. It is sent as it was given.
        </p>
      )}
    </>
  )
}
