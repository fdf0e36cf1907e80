// Where a person writes. Enter sends on a keyboard and is a new line on glass; what is typed survives leaving.
import { type ComponentProps, type KeyboardEvent, type RefObject, useId, useState } from 'react'
import { ArrowUp, Slash, Square } from 'lucide-react'
import { useOnline, useTouch } from '@/lib/device.ts'
import { cx } from '@/lib/classes.ts'
import { IconButton } from '@/ui/icon-button.tsx'
import { type ChatTool, findTools, type Found, paletteFilter } from './chat-tools.ts'
import { ToolPalette } from './tool-palette.tsx'

type Props = {
  input: RefObject<HTMLTextAreaElement | null>
  draft: string
  onDraft: (text: string) => void
  onSend: (text: string) => void
  onStop: () => void
  onTool: (found: Found) => void
  busy: boolean
  tools: Map<string, ChatTool>
}

export function Composer(props: Props) {
  const { draft, onDraft, onSend, busy, tools } = props
  const online = useOnline()
  const touch = useTouch()
  const palette = usePalette(props)
  const hint = useId()
  const sendable = online && !busy && draft.trim() !== ''
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
      <div className='rounded-card border border-edge bg-raised focus-within:border-accent focus-within:ring-1 focus-within:ring-accent'>
        <TextBox
          ref={props.input}
          value={draft}
          aria-describedby={hint}
          placeholder={tools.size > 0 ? 'Ask, or type / for a tool' : 'Ask'}
          enterKeyHint={touch ? 'enter' : 'send'}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={palette.close}
          {...palette.inputProps}
        />
        <div className='flex items-center gap-1 p-1.5 pt-0'>
          <IconButton
            label='Tools'
            icon={<Slash aria-hidden />}
            disabled={tools.size === 0}
            onClick={() => {
              palette.reopen()
              if (paletteFilter(draft) === null) onDraft(draft === '' ? '/' : draft)
              props.input.current?.focus()
            }}
          />
          <p id={hint} className='min-w-0 grow truncate px-1 text-xs text-muted'>
            {hintText({ online, touch })}
          </p>
          <SendButton busy={busy} sendable={sendable} onStop={props.onStop} />
        </div>
      </div>
    </form>
  )
}

function hintText({ online, touch }: { online: boolean; touch: boolean }): string {
  if (!online) return 'Offline. Your draft is kept.'
  return touch ? '' : 'Enter sends, Shift + Enter starts a line'
}

function TextBox({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...rest}
      rows={1}
      aria-label='Message'
      className={cx(
        'field-sizing-content max-h-[min(40dvh,16rem)] min-h-12 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-base outline-none',
        className,
      )}
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

/** The list over the composer while a `/name` is being typed. */
function usePalette({ draft, onDraft, onTool, tools }: Props) {
  const listId = useId()
  const [closedFor, setClosedFor] = useState<string | null>(null)
  const [place, setPlace] = useState(0)
  const filter = paletteFilter(draft)
  const found = filter === null ? [] : findTools(tools, filter)
  const open = filter !== null && closedFor !== draft && tools.size > 0
  const active = Math.min(place, Math.max(found.length - 1, 0))
  const choose = (one: Found) => {
    onDraft('')
    onTool(one)
  }
  const move = (by: number) => setPlace((active + by + found.length) % Math.max(found.length, 1))

  const onKeyDown = (event: KeyboardEvent): boolean => {
    const one = found[active]
    if (!open) return false
    if (event.key === 'Escape') setClosedFor(draft)
    else if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && one) choose(one)
    else if (event.key === 'Tab' && one && !event.shiftKey) onDraft(`/${one.key} `)
    else return false
    event.preventDefault()
    return true
  }
  return {
    open,
    found,
    active,
    listId,
    choose,
    onKeyDown,
    close: () => setClosedFor(draft),
    reopen: () => setClosedFor(null),
    inputProps: open
      ? {
        'aria-autocomplete': 'list' as const,
        'aria-controls': listId,
        'aria-activedescendant': found.length > 0 ? `${listId}-${active}` : undefined,
      }
      : {},
  }
}
