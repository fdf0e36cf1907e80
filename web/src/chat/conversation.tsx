// The conversation and the place to write: the page itself.
import {
  type ComponentProps,
  lazy,
  type RefObject,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { MessageCircleOff } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { slashCommand } from '@shared/chat.ts'
import { useTouch } from '@/lib/device.ts'
import { isOnline } from '@/lib/reach.ts'
import { AsOf } from '@/ui/as-of.tsx'
import { ButtonLink } from '@/ui/button.tsx'
import { EmptyState, FailedState } from '@/ui/empty-state.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toast.tsx'
import { Attachments } from './attachments.tsx'
import { Composer } from './composer.tsx'
import { DropArea } from './drop-area.tsx'
import { keepDraft, keptDraft } from './drafts.ts'
import { EmptyChat } from './empty-chat.tsx'
import { MessageList } from './message-list.tsx'
import type { Changes } from './message-row.tsx'
import { OfferDialog } from './offer-dialog.tsx'
import type { Offered } from './offers.ts'
import { toolsQuery, useTools } from './queries.ts'
import { RunLater } from './run-later.tsx'
import { ToolDialog } from './tool-dialog.tsx'
import { useChosenTool } from './use-chosen-tool.ts'
import { useAlong } from './use-along.ts'
import { useConversation, type Written } from './use-conversation.ts'
import { useOutbox } from './use-outbox.ts'
import { useRewrite } from './use-rewrite.ts'

const AgainDialog = lazy(() =>
  import('./again-dialog.tsx').then(({ AgainDialog }) => ({ default: AgainDialog }))
)

type Props = { team_id: string; chat_id: string; isNew: boolean; onStarted: () => void }

export function Conversation({ team_id, chat_id, isNew, onStarted }: Props) {
  const tools = useTools(team_id)
  const conversation = useConversation({ team_id, chat_id, isNew })
  const { queued, say: sayNow } = useOutbox({ team_id, chat_id, isNew, conversation })
  const [later, setLater] = useState<Written | null>(null)
  const [draft, setDraft] = useDraft(isNew ? 'new' : chat_id)
  const { chosen, choose, close } = useChosenTool(tools)
  const servers = useQuery(toolsQuery(team_id)).data?.names ?? noServers
  const along = useAlong()
  const [offered, setOffered] = useState<Offered | null>(null)
  const input = useRef<HTMLTextAreaElement>(null)
  useFocusOnKeyboards(input)

  const leave = useCallback((written: Written) => {
    if (isNew) onStarted()
    sayNow(written)
  }, [isNew, onStarted, sayNow])
  const say = useCallback((written: Written) => {
    if (!isOnline() && written.text.startsWith('/')) setLater(written)
    else leave(written)
  }, [leave])
  const run = useCallback(
    (key: string, parameters: Record<string, unknown>, replaces?: string) =>
      say({ text: slashCommand(key, parameters), replaces }),
    [say],
  )
  const openForm = useCallback(
    (key: string, parameters: Record<string, unknown>, replaces?: string) => {
      const tool = tools.get(key)
      if (tool) choose({ key, tool, parameters, replaces })
      else toast({ tone: 'warn', text: 'This tool is no longer there, or not for use.' })
    },
    [tools, choose],
  )
  const { messages } = conversation
  const touch = useTouch()
  const rewrite = useRewrite({ team_id, chat_id, messages, send: say })
  const { edit, cancel, replace, again } = rewrite
  const changes = useMemo((): Changes => ({
    edit,
    cancel,
    replace: async (message, text) => {
      await replace(message, text)
      if (!touch) input.current?.focus()
    },
    again,
    editCall: ({ id }, { key, parameters }) => openForm(key, parameters, id),
  }), [edit, cancel, replace, again, openForm, touch])
  const write = (text: string, from?: Pick<Written, 'quotes' | 'files'>) => {
    setDraft(text)
    if (from) along.restore(from)
    input.current?.focus()
  }
  return (
    <DropArea onFiles={(files) => void along.files.add(files)}>
      <div className='min-h-0 grow'>
        <Said
          {...{ team_id, chat_id, conversation, queued, changes, tools }}
          editing={rewrite.editing}
          onRun={run}
          onForm={openForm}
          onEdit={write}
        />
      </div>
      <div className='mx-auto w-full max-w-3xl px-3 pb-3 lg:px-6 lg:pb-5'>
        <AsOf at={conversation.seenAt} className='mb-2 justify-center' />
        <Composer
          input={input}
          draft={draft}
          onDraft={(text) => {
            setDraft(text)
            if (text === '') along.forgetSource()
          }}
          onSend={(text) => {
            setDraft('')
            say({ text, ...along.take() })
          }}
          onStop={conversation.stop}
          stopping={conversation.stopping}
          onFiles={(files) => void along.files.add(files)}
          filled={along.files.held.length > 0}
          preparing={along.files.preparing}
          onTool={choose}
          onOffer={setOffered}
          along={<Attachments {...along.shown} />}
          busy={conversation.busy}
          {...{ team_id, tools, servers }}
        />
      </div>
      <RunLater
        command={later}
        tools={tools}
        onClose={() => setLater(null)}
        onNo={(later) => write(later.text, later)}
        onYes={leave}
      />
      <ToolDialog
        chosen={chosen}
        onClose={close}
        onRun={(key, parameters) => run(key, parameters, chosen?.replaces)}
      />
      {rewrite.asked && (
        <Suspense>
          <AgainDialog again={rewrite.asked} onConfirm={rewrite.confirm} onClose={rewrite.forget} />
        </Suspense>
      )}
      <OfferDialog
        team_id={team_id}
        chosen={offered}
        onClose={() => setOffered(null)}
        onText={(text, from) => {
          along.setSource(from)
          write(draft.trim() === '' ? text : `${draft.trimEnd()}\n\n${text}`)
        }}
        onAttach={(quote) => {
          if (!along.attach(quote)) toast({ tone: 'warn', text: 'No more fits into one message.' })
          input.current?.focus()
        }}
      />
    </DropArea>
  )
}

const noServers = new Map<string, string>()

/** What stands above the composer: the messages, or why there are none. */
function Said(list: ComponentProps<typeof MessageList>) {
  const { messages, loading, loadError, missing, reload } = list.conversation
  if (messages.length > 0 || list.queued.length > 0) return <MessageList {...list} />
  if (loading) return <Loading />
  if (missing) return <NoSuchChat />
  if (!loadError) {
    return <EmptyChat team_id={list.team_id} tools={list.tools} onPick={list.onEdit} />
  }
  return (
    <FailedState
      title='This chat could not be read'
      error={loadError}
      onRetry={() => void reload()}
    />
  )
}

/** Kept on the device with every change: a lost tab loses nothing. */
function useDraft(chat: string): [string, (text: string) => void] {
  const [draft, setDraft] = useState(() => keptDraft(chat))
  const change = useCallback((text: string) => {
    keepDraft(chat, text)
    setDraft(text)
  }, [chat])
  return [draft, change]
}

/** On glass, focus would raise the keyboard over what is to be read. */
function useFocusOnKeyboards(input: RefObject<HTMLTextAreaElement | null>) {
  const touch = useTouch()
  useEffect(() => {
    if (!touch) input.current?.focus({ preventScroll: true })
  }, [touch, input])
}

function Loading() {
  return (
    <div role='status' className='mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 py-6 lg:px-6'>
      <span className='sr-only'>Loading the conversation</span>
      <Skeleton className='h-11 w-2/5 self-end' />
      <Skeleton className='h-24 w-full' />
      <Skeleton className='h-11 w-1/3 self-end' />
      <Skeleton className='h-40 w-full' />
    </div>
  )
}

export function NoSuchChat() {
  return (
    <EmptyState
      icon={<MessageCircleOff aria-hidden />}
      title='This chat is not there'
      action={
        <ButtonLink>
          <Link to='/chat'>Start a new one</Link>
        </ButtonLink>
      }
    >
      It was deleted, or it is someone else’s and not shared with you.
    </EmptyState>
  )
}
