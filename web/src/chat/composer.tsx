// Where a person writes, attaches, and sees who answers. Enter sends on a keyboard and is a new line on glass; what is
// typed survives leaving.
import {
  type ClipboardEvent,
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
import { AttachButton } from './attach-button.tsx'
import { ModelChip } from './model-chip.tsx'
import { ToolPalette } from './tool-palette.tsx'
import { type Options, usePalette } from './use-palette.ts'

type Props = Options & {
  input: RefObject<HTMLTextAreaElement | null>
  /** What goes along with the message. */
  along: ReactNode
  /** Files are among it: it needs no words. */
  filled: boolean
  /** A file is still made ready. */
  preparing: boolean
  onFiles: (files: File[]) => void
  onSend: (text: string) => void
  onStop: () => void
  busy: boolean
  /** Stop has been pressed, and the answer has not ended yet. */
  stopping: boolean
}

export function Composer(props: Props) {
  const { draft, onSend, busy, tools, servers } = props
  const online = useOnline()
  const touch = useTouch()
  const palette = usePalette(props)
  const hint = useId()
  const sendable = !busy && !props.preparing && (draft.trim() !== '' || props.filled)
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
        <TextBox
          input={props.input}
          value={draft}
          aria-describedby={hint}
          placeholder={tools.size > 0 ? 'Ask, or / for tools' : 'Ask'}
          enterKeyHint={touch ? 'enter' : 'send'}
          onChange={(event) => props.onDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={pasted(props.onFiles)}
          onBlur={palette.close}
          {...palette.inputProps}
        />
        <div className='flex items-center gap-1'>
          <AttachButton onFiles={props.onFiles} />
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
          <ModelChip />
          <div className='ml-auto'>
            <SendButton
              busy={busy}
              stopping={props.stopping}
              sendable={sendable}
              onStop={props.onStop}
            />
          </div>
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

/** Pictures and files from the clipboard go along; text is pasted as ever, also where an office adds a picture of it. */
function pasted(onFiles: (files: File[]) => void) {
  return (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files]
    if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    onFiles(files)
  }
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
      className='field-sizing-content block max-h-[min(40dvh,16rem)] min-h-control w-full resize-none bg-transparent px-2 py-2.5 text-base leading-6 outline-none pointer-fine:py-1.5'
    />
  )
}

type SendProps = { busy: boolean; stopping: boolean; sendable: boolean; onStop: () => void }

function SendButton({ busy, stopping, sendable, onStop }: SendProps) {
  if (busy) {
    return (
      <IconButton
        label='Stop'
        disabled={stopping}
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
