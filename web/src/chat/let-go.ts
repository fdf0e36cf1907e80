// When the reader scrolls up while an answer arrives, following stops at once. The follower itself only notices
// wheels and settled scrolls: a finger or a key would have to fight its animation.
import { type KeyboardEvent, type RefObject, type TouchEvent, useRef } from 'react'

type Follower = { stopScroll: () => void }

const upwards = new Set(['PageUp', 'ArrowUp', 'Home'])
/** Fingers tremble. */
const meantPx = 6

export function useLetGo(follower: RefObject<Follower | null>) {
  const from = useRef(0)
  return {
    onTouchStart: (event: TouchEvent) => {
      from.current = event.touches[0]?.clientY ?? 0
    },
    onTouchMove: (event: TouchEvent) => {
      const to = event.touches[0]?.clientY ?? 0
      if (to - from.current > meantPx) follower.current?.stopScroll()
    },
    onKeyDown: (event: KeyboardEvent) => {
      const writing = event.target instanceof Element &&
        event.target.matches('input, textarea, select')
      if (!writing && upwards.has(event.key)) follower.current?.stopScroll()
    },
  }
}
