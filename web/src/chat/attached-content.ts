// The content of files that came with messages: read when it is to be seen or sent again, and never drawn as markup.
import { queryOptions } from '@tanstack/react-query'
import { fileText } from '@shared/attachment.ts'
import { copied } from '@/lib/copies.ts'
import { queryClient } from '@/lib/query-client.ts'
import { rows } from '@/lib/read.ts'
import { supabase } from '@/lib/supabase.ts'
import type { ChatMessage } from './chat-message.ts'
import type { AttachedFile } from './drafts.ts'
import { filesOf, type SentFile } from './reconcile.ts'

type Row = { name: string; media_type: string; content: string }

type Of = { team_id: string; chat_id: string }

/** What a file holds does not change. It is its chat’s: where that goes, it goes too. */
export function contentQuery({ team_id, chat_id }: Of, file: SentFile) {
  return queryOptions({
    queryKey: ['team', team_id, 'chat', chat_id, 'attachment', file.id ?? brief(file)],
    queryFn: async (): Promise<AttachedFile> => {
      if (file.id === null) return file
      const { name, media_type, content } = await rows<Row>(
        supabase().from('astra_attachments').select('name, media_type, content')
          .eq('team_id', team_id).eq('chat_id', chat_id).eq('id', file.id).single(),
      )
      return { name, mediaType: media_type, url: `data:${media_type};base64,${content}` }
    },
    staleTime: Infinity,
    ...file.id === null ? {} : { meta: copied },
  })
}

/** Of a file that is here already: its address is its content, and no name for anything. */
function brief({ name, url }: SentFile): string {
  return `${name} ${url.length} ${url.slice(-64)}`
}

/** The files of a message as they are sent once more. Throws CallError where one can no longer be read. */
export function filesAgain(of: Of, message: ChatMessage): Promise<AttachedFile[]> {
  return Promise.all(
    filesOf(message).map((file) => queryClient.fetchQuery(contentQuery(of, file))),
  )
}

/** Null where it is no text after all. */
export function textInside({ url }: AttachedFile): string | null {
  const bytes = Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (one) => one.charCodeAt(0))
  return fileText(bytes)
}
