// Where a person writes. Enter sends on a keyboard and is a new line on glass; what is typed survives leaving.
import {
  type ComponentProps,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useId,
  useLayoutEffect,
} from 'react'
import { ArrowUp, Square, SquareSlash } from 'lucide-react'
import { useTouch } from '@/lib/device.ts'
import { useOnline } from '@/lib/reach.ts'
import { IconButton } from '@/ui/icon-button.tsx'
import { ToolPalette } from './tool-palette.tsx'
import { type Options, usePalette } from './use-palette.ts'

type Props = Options & {
  input: RefObject<HTMLTextAreaElement | null>
  /** What goes along with the message. */
  along: ReactNode
  onSend: (text: string) => void
  onStop: () => void
  busy: boolean
}

export function Composer(props: Props) {
  const { draft, onSend, busy, tools, servers } = props
  const online = useOnline()
  const touch = useTouch()
  const palette = usePalette(props)
  const hint = useId()
  const sendable = !busy && draft.trim() !== ''
  const send = () => sendable && onSend(draft.trim())

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // 229: Safari ends a composition before its Enter arrives.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (palette.onKeyDown(event)) return
    if (event.key !== 'Enter' || event.shiftKey || touch) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className='relative'
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {palette.open && <ToolPalette {...palette} />}
      <div className='rounded-card border border-edge bg-raised p-1.5 focus-within:border-accent'>
        {props.along}
        <div className='flex items-end gap-1'>
          <IconButton
            label='Tools'
            icon={<SquareSlash aria-hidden />}
            disabled={servers.size === 0}
            // The text keeps the focus, and with it the keys of the list.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => {
              if (palette.open) palette.close()
              else palette.reopen()
              props.input.current?.focus()
            }}
          />
          <TextBox
            input={props.input}
            value={draft}
            aria-describedby={hint}
            placeholder={tools.size > 0 ? 'Ask, or / for tools' : 'Ask'}
            enterKeyHint={touch ? 'enter' : 'send'}
            onChange={(event) => props.onDraft(event.target.value)}
            onKeyDown={onKeyDown}
            onBlur={palette.close}
            {...palette.inputProps}
          />
          <SendButton busy={busy} sendable={sendable} onStop={props.onStop} />
        </div>
      </div>
      <p id={hint} className='mt-1.5 px-2 text-center text-xs text-muted empty:hidden'>
        {hintText({ online, touch, command: draft.startsWith('/') })}
      </p>
    </form>
  )
}

type Circumstances = { online: boolean; touch: boolean; command: boolean }

function hintText({ online, touch, command }: Circumstances): string {
  if (!online) return `Offline. This will ${command ? 'run' : 'be sent'} when you’re back online.`
  return touch ? '' : 'Enter sends, Shift + Enter starts a line'
}

type TextBoxProps = ComponentProps<'textarea'> & { input: RefObject<HTMLTextAreaElement | null> }

/** As tall as its text. Browsers that cannot do this by style are measured for it. */
function TextBox({ input, value, ...rest }: TextBoxProps) {
  useLayoutEffect(() => {
    const box = input.current
    if (!box || CSS.supports('field-sizing', 'content')) return
    box.style.height = 'auto'
    box.style.height = `${box.scrollHeight}px`
  }, [input, value])
  return (
    <textarea
      {...rest}
      ref={input}
      value={value}
      rows={1}
      aria-label='Message'
      className='field-sizing-content max-h-[min(40dvh,16rem)] min-h-control min-w-0 grow resize-none bg-transparent px-1 py-2.5 text-base leading-6 outline-none pointer-fine:py-1.5'
    />
  )
}

function SendButton(
  { busy, sendable, onStop }: { busy: boolean; sendable: boolean; onStop: () => void },
) {
  if (busy) {
    return (
      <IconButton
        label='Stop'
        onClick={onStop}
        icon={<Square aria-hidden className='!size-3.5 fill-current' />}
        className='rounded-full bg-text !text-bg hover:bg-text hover:opacity-85'
      />
    )
  }
  return (
    <IconButton
      type='submit'
      label='Send'
      disabled={!sendable}
      icon={<ArrowUp aria-hidden />}
      className='rounded-full bg-accent !text-on-accent hover:bg-accent hover:opacity-90 disabled:bg-press disabled:!text-muted disabled:opacity-100'
    />
  )
}
