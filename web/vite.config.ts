// How the web app is built, served while developing, installed on a device, and unit-tested.
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
/** Where the embedded stack listens while Vite serves the app. */
const stack = process.env.ASTRA_STACK_URL ?? 'http://127.0.0.1:54321'

const installable = VitePWA({
  registerType: 'prompt',
  includeAssets: ['favicon.ico', 'logo.svg', 'theme.js', 'apple-touch-icon-180x180.png'],
  manifest: {
    id: '/',
    name: 'Astra',
    short_name: 'Astra',
    description: 'Your team’s assistant, with your team’s tools',
    start_url: '/chat',
    scope: '/',
    display: 'standalone',
    background_color: '#fbfbfa',
    theme_color: '#fbfbfa',
    icons: [
      { src: 'pwa-64x64.png', sizes: '64x64', type: 'image/png' },
      { src: 'pwa-192x192.png', sizes: '192x192', type: 'image/png' },
      { src: 'pwa-512x512.png', sizes: '512x512', type: 'image/png' },
      {
        src: 'maskable-icon-512x512.png',
        sizes: '512x512',
        type: 'image/png',
        purpose: 'maskable',
      },
    ],
    shortcuts: [{ name: 'New chat', url: '/chat' }],
  },
  // Our own worker, which pushes wake: what it keeps is in worker/shell.ts.
  strategies: 'injectManifest',
  srcDir: 'src/worker',
  // Its address stays: installed apps look for their newer version there.
  filename: 'sw.ts',
  injectManifest: { globPatterns: ['**/*.{js,css,html,svg,ico,woff2}'] },
})

export default defineConfig({
  plugins: [react(), tailwindcss(), installable],
  resolve: { alias: { '@shared': path('../shared'), '@': path('./src') } },
  server: {
    fs: { allow: [path('..')] },
    proxy: Object.fromEntries(
      ['/auth', '/rest', '/functions', '/astra.json'].map((prefix) => [prefix, stack]),
    ),
  },
  build: {
    target: 'es2022',
    // `light-dark()` stays as written: one table of colours, no generated twin.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    sourcemap: false,
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
})
