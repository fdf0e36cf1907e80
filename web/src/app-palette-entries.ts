// What the palette offers for what was typed: places, chats, servers, tools. Pure.
import type { UseNavigateResult } from '@tanstack/react-router'
import type { ChatVisibility } from '@shared/chat.ts'
import { type ChatTool, findTools } from './chat/chat-tools.ts'
import { toolTitle } from './lib/tool-title.ts'

export type Entry = {
  id: string
  label: string
  note: string | null
  go: (navigate: UseNavigateResult<string>) => Promise<void>
}
export type EntryGroup = { label: 'Go to' | 'Chats' | 'Servers' | 'Tools'; entries: Entry[] }

type Known = {
  chats: { id: string; title: string; visibility: ChatVisibility }[]
  servers: { id: string; name: string }[]
  tools: Map<string, ChatTool>
  /** A chat is open: a tool chosen now is run in it. */
  inChat: boolean
}

const most = 5

const places: Entry[] = [
  {
    id: 'chat',
    label: 'New chat',
    note: null,
    go: (navigate) => navigate({ to: '/chat', search: {} }),
  },
  {
    id: 'team-chat',
    label: 'New team chat',
    note: null,
    go: (navigate) => navigate({ to: '/chat', search: { with: 'team' } }),
  },
  {
    id: 'activity',
    label: 'Activity',
    note: null,
    go: (navigate) => navigate({ to: '/activity' }),
  },
  { id: 'usage', label: 'Usage', note: null, go: (navigate) => navigate({ to: '/analytics' }) },
  {
    id: 'settings',
    label: 'Settings',
    note: null,
    go: (navigate) => navigate({ to: '/settings' }),
  },
]

/** Groups without entries are left out. With nothing typed, the first of each. */
export function entriesFor(typed: string, known: Known): EntryGroup[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ label }: Entry) => words.every((word) => label.toLowerCase().includes(word))
  const groups: EntryGroup[] = [
    { label: 'Go to', entries: places.filter(fits) },
    { label: 'Chats', entries: known.chats.map(chatEntry).filter(fits) },
    { label: 'Servers', entries: known.servers.map(serverEntry).filter(fits) },
    { label: 'Tools', entries: toolEntries(typed, known) },
  ]
  return groups
    .map(({ label, entries }) => ({ label, entries: entries.slice(0, most) }))
    .filter(({ entries }) => entries.length > 0)
}

function chatEntry({ id, title, visibility }: Known['chats'][number]): Entry {
  return {
    id,
    label: title,
    note: visibility === 'team' ? 'Team chat' : null,
    go: (navigate) => navigate({ to: '/chat/$chatId', params: { chatId: id } }),
  }
}

function serverEntry({ id, name }: Known['servers'][number]): Entry {
  return {
    id,
    label: name,
    note: null,
    go: (navigate) => navigate({ to: '/settings/servers/$serverId', params: { serverId: id } }),
  }
}

function toolEntries(typed: string, { tools, inChat }: Known): Entry[] {
  return findTools(tools, typed).map(({ key, tool }) => ({
    id: tool.id,
    label: toolTitle(tool),
    note: tool.server_name,
    go: (navigate) => navigate({ to: inChat ? '.' : '/chat', search: { tool: key } }),
  }))
}
