// How far something is that takes a while: drawn where the whole is known, and nothing where it is not.

type Props = { label: string; progress: number; total: number | null; className?: string }

export function ProgressBar({ label, progress, total, className = '' }: Props) {
  if (!total || total <= 0) return null
  const share = Math.min(Math.max(progress / total, 0), 1)
  return (
    <div className={`flex items-center gap-2 py-1 ${className}`}>
      <div
        role='progressbar'
        aria-label={`Progress of ${label}`}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        className='h-1 grow overflow-hidden rounded-full bg-press'
      >
        <div
          className='h-full origin-left bg-info transition-transform'
          style={{ transform: `scaleX(${share})` }}
        />
      </div>
      <span className='text-xs text-muted tabular-nums'>{Math.round(share * 100)}%</span>
    </div>
  )
}
