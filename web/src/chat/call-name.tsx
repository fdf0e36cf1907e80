// What a call is, wherever a card names it: the tool, in its server.
import type { ToolCall } from './tool-call.ts'

export function CallName({ call }: { call: ToolCall }) {
  return (
    <>
      {call.title}
      {call.serverName && (
        <>
          {' '}
          <span className='text-muted'>in</span>{' '}
          <strong className='font-semibold'>{call.serverName}</strong>
        </>
      )}
    </>
  )
}
