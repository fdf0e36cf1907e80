// The function of the mission's backend document, step by step as written there, for comparison only:
// nothing is reused, nothing is closed. Changed against the document: today's imports, Deno.serve, and
// an HTTP transport where the document throws "not yet implemented".
import '../../stack/leash.mjs'
import { Client } from '@modelcontextprotocol/sdk/client'
// The package’s wildcard types are wrong, so they are named.
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/client/streamableHttp.d.ts"
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { createClient, type SupabaseClient } from '@supabase/supabase-js'

const corsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'POST, OPTIONS',
  'Access-Control-Allow-Headers': 'Content-Type, Authorization, X-Client-Info, Apikey',
}
const jsonHeaders = { ...corsHeaders, 'Content-Type': 'application/json' }

type Call = { server_id: string; tool_name: string; parameters?: Record<string, unknown> }
type Place = { user_id: string; team_id: string }

async function answer(request: Request): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 200, headers: corsHeaders })
  if (request.url.endsWith('/health')) return Response.json({ ok: true })
  try {
    const authHeader = request.headers.get('Authorization')
    if (!authHeader) throw new Error('Missing authorization')
    const supabase = createClient(
      Deno.env.get('SUPABASE_URL')!,
      Deno.env.get('SUPABASE_PUBLISHABLE_KEY')!,
      { global: { headers: { Authorization: authHeader } } },
    )
    const { data: { user }, error } = await supabase.auth.getUser(
      authHeader.slice('Bearer '.length),
    )
    if (error || !user) throw new Error('Unauthorized')
    const team_id = user.user_metadata?.team_id
    if (!team_id) throw new Error('User not assigned to a team')
    return await handleCallTool(supabase, { user_id: user.id, team_id }, await request.json())
  } catch (error) {
    return Response.json({ error: String(error) }, { status: 500, headers: corsHeaders })
  }
}

async function handleCallTool(supabase: SupabaseClient, place: Place, call: Call) {
  const { server_id, tool_name, parameters = {} } = call
  const startTime = Date.now()
  const { data: server, error: serverError } = await supabase
    .from('mcp_servers').select('*').eq('id', server_id).single()
  if (serverError || !server) throw new Error('Server not found')

  const { data: tool, error: toolError } = await supabase
    .from('mcp_tools').select('*').eq('server_id', server_id).eq('tool_name', tool_name).single()
  if (toolError || !tool) throw new Error('Tool not found')

  const { data: execution, error: execError } = await supabase
    .from('mcp_tool_executions')
    .insert({
      ...place,
      tool_id: tool.id,
      server_id,
      input_parameters: parameters,
      status: 'pending',
    })
    .select().single()
  if (execError) throw execError

  const client = await createMCPClient(server)
  const result = await executeWithTimeout(
    client.callTool({ name: tool_name, arguments: parameters }),
    tool.timeout_seconds * 1000 || 30000,
  )
  const duration = Date.now() - startTime
  const ended = {
    output_result: result,
    status: 'success',
    completed_at: new Date().toISOString(),
    duration_ms: duration,
  }
  await supabase.from('mcp_tool_executions').update(ended).eq('id', execution.id)
  await supabase.rpc('increment_tool_stats', {
    p_tool_id: tool.id,
    p_success: true,
    p_duration_ms: duration,
  })
  const body = { success: true, result, duration_ms: duration, execution_id: execution.id }
  return new Response(JSON.stringify(body), { headers: jsonHeaders })
}

async function createMCPClient(server: { config: { url: string } }): Promise<Client> {
  const client = new Client({ name: 'astra-mcp-client', version: '1.0.0' }, { capabilities: {} })
  await client.connect(new StreamableHTTPClientTransport(new URL(server.config.url)))
  return client
}

async function executeWithTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timeoutHandle: ReturnType<typeof setTimeout> | undefined
  const timeoutPromise = new Promise<never>((_, reject) => {
    timeoutHandle = setTimeout(
      () => reject(new Error(`Operation timed out after ${timeoutMs}ms`)),
      timeoutMs,
    )
  })
  const result = await Promise.race([promise, timeoutPromise])
  clearTimeout(timeoutHandle)
  return result
}

Deno.serve({
  hostname: '127.0.0.1',
  port: Number(Deno.env.get('ASTRA_FUNCTION_PORT')),
  onListen() {},
}, answer)
