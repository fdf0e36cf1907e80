// The mark, as in `public/logo.svg`.

export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox='0 0 512 512' aria-hidden className={className}>
      <rect width='512' height='512' rx='116' fill='#2c3a8f' />
      <path
        d='M256 84c14 104 68 158 172 172-104 14-158 68-172 172-14-104-68-158-172-172 104-14 158-68 172-172Z'
        fill='#fff'
      />
      <circle cx='386' cy='126' r='26' fill='#aab8ff' />
    </svg>
  )
}
