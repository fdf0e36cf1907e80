// Which tool's form is open: one chosen in the chat, or the one the address names (`?tool=key`).
import { useState } from 'react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ChatTool } from './chat-tools.ts'
import type { Chosen } from './tool-dialog.tsx'

export function useChosenTool(tools: Map<string, ChatTool>) {
  const { tool: key } = useSearch({ strict: false })
  const navigate = useNavigate()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const named = typeof key === 'string' ? tools.get(key) : undefined
  const close = () => {
    setChosen(null)
    if (key !== undefined) {
      void navigate({
        to: '.',
        search: (search) => ({ ...search, tool: undefined }),
        replace: true,
      })
    }
  }
  return {
    chosen: chosen ?? (named ? { key: String(key), tool: named } : null),
    choose: setChosen,
    close,
  }
}
