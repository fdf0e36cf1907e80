// A server whose tools give back one of everything a result can hold, on the official SDK: tables and facts
// with the schema of their output, pictures, sounds, links, long texts, errors, and one that takes its time.
// @ts-types="../../../node_modules/@modelcontextprotocol/sdk/dist/esm/server/mcp.d.ts"
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'
import { inSessions, listen } from './listen.ts'
import { picture, tone } from './results-media.ts'
import { pause } from './tools.ts'

const month = z.object({
  month: z.string().meta({ title: 'Month', format: 'date' }),
  revenue_eur: z.number().meta({
    title: 'Revenue',
    unit: '€',
    description: 'What was paid, without refunds',
  }),
  orders: z.number().int().meta({ title: 'Orders' }),
  returned: z.number().meta({ title: 'Returned', format: 'percent' }),
})
const place = z.object({
  city: z.string().meta({ title: 'City' }),
  temperature: z.number().meta({ title: 'Temperature', unit: '°C' }),
  measured_at: z.string().meta({ title: 'Measured', format: 'date-time' }),
})

const months = Array.from({ length: 12 }, (_, at) => ({
  month: `2026-${String(at + 1).padStart(2, '0')}-01`,
  revenue_eur: 41_000 + 1_250 * at + (at % 3) * 2_400.5,
  orders: 310 + 14 * at - (at % 4) * 22,
  returned: 0.021 + (at % 5) * 0.004,
}))
const weather = { city: 'Oslo', temperature: -3.5, measured_at: '2026-11-29T07:30:00Z' }

const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })
const structured = (value: Record<string, unknown>) => ({
  ...text(JSON.stringify(value)),
  structuredContent: value,
})

function toolServer(): McpServer {
  const server = new McpServer({ name: 'results', version: '1.0.0' })
  const tool = server.registerTool.bind(server)
  tool('monthly_sales', {
    title: 'Monthly sales',
    description: 'Sales of the year, month by month',
    outputSchema: { months: z.array(month) },
  }, () => structured({ months }))
  tool('weather', {
    title: 'Weather',
    description: 'The weather right now',
    outputSchema: place.shape,
  }, () => structured(weather))
  tool('picture', { description: 'Draws a picture' }, () => ({
    content: [{ type: 'image', data: picture(), mimeType: 'image/png' }],
  }))
  tool('sound', { description: 'Plays a tone' }, () => ({
    content: [{ type: 'audio', data: tone(), mimeType: 'audio/wav' }],
  }))
  tool('report', { description: 'A report, and where it is kept' }, () => ({
    content: [
      { type: 'text', text: '# Quarter\n\nRevenue **rose** by 4 %.\n\n- Oslo\n- Bergen' },
      {
        type: 'resource',
        resource: {
          uri: 'report://q3.md',
          mimeType: 'text/markdown',
          text: '## Notes\n\nAll *fine*.',
        },
      },
      { type: 'resource_link', uri: 'https://reports.example/q3', name: 'Q3 on the web' },
    ],
  }))
  tool(
    'long_text',
    {
      description: 'Says a line so many times',
      inputSchema: { lines: z.number().int() },
    },
    ({ lines }) =>
      text(Array.from({ length: lines }, (_, at) => `line ${at + 1} of the log`).join('\n')),
  )
  tool(
    'many_rows',
    {
      description: 'So many rows',
      inputSchema: { rows: z.number().int() },
    },
    ({ rows }) =>
      text(
        JSON.stringify(
          Array.from(
            { length: rows },
            (_, at) => ({ id: at + 1, name: `Row ${at + 1}`, score: at * 7 % 101 }),
          ),
        ),
      ),
  )
  tool('fail', { description: 'Fails' }, () => ({ ...text('The disk is full'), isError: true }))
  tool('slow', {
    title: 'Slow',
    description: 'Takes so many seconds, and says how far it is',
    inputSchema: { seconds: z.number() },
  }, async ({ seconds }, { signal, _meta, sendNotification }) => {
    for (let at = 1; at <= seconds && !signal.aborted; at++) {
      await pause(1_000, signal)
      if (_meta?.progressToken === undefined) continue
      const params = { progressToken: _meta.progressToken, progress: at, total: seconds }
      const message = `Read ${at} of ${seconds} pages`
      await sendNotification({ method: 'notifications/progress', params: { ...params, message } })
    }
    return text('All pages were read')
  })
  return server
}

export const startResults = () => listen(inSessions(toolServer))
