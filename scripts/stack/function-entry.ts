// The function as the stack runs it: itself, on the leash.
import './leash.mjs'
import '../../supabase/functions/mcp-client/index.ts'
