// Why an approval could not be given just now, and what to do.
import { CallError } from '@/lib/call.ts'
import { refusalAdvice } from '@/lib/failure-advice.ts'
import { useOnline } from '@/lib/reach.ts'
import { FormError } from '@/ui/field.tsx'

export function RefusalNote({ error }: { error: Error | null }) {
  const online = useOnline()
  const advice = error instanceof CallError ? refusalAdvice(error) : null
  return (
    <div className='mt-3 empty:hidden'>
      {error && <FormError>{error.message} {advice}</FormError>}
      {!online && (
        <p className='mt-2 text-xs text-muted'>
          Offline. It can be answered as soon as Astra is reached again.
        </p>
      )}
    </div>
  )
}
