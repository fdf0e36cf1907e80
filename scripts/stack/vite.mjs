// Vite's development server for the stack: its own port for hot reload, pages through the stack's origin.
import process from 'node:process'
import { createServer } from 'vite'

const port = Number(process.env.ASTRA_VITE_PORT)
const server = await createServer({
  root: process.cwd(),
  clearScreen: false,
  server: {
    host: '127.0.0.1',
    port,
    strictPort: true,
    proxy: {},
    ws: { host: '127.0.0.1', clientPort: port, protocol: 'ws' },
  },
})
await server.listen()
process.on('SIGTERM', () => server.close().finally(() => process.exit(0)))
