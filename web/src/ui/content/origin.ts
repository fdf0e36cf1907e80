// Where what is shown came from: its tool, for what is remembered of it, and the schema it answers by.
import { createContext, useContext } from 'react'
import type { JsonSchema } from '@shared/tool.ts'

export type Origin = { toolId: string | null; schema: JsonSchema | null }

const OriginContext = createContext<Origin>({ toolId: null, schema: null })
export const OriginProvider = OriginContext
export const useOrigin = (): Origin => useContext(OriginContext)
