// How the journeys run: in Node, against one stack started for the run, each in a real Chromium.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    environment: 'node',
    include: ['*.test.ts'],
    globalSetup: ['stack.ts'],
    pool: 'forks',
    // Two browsers and one stack are what a small machine bears.
    maxWorkers: 2,
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
