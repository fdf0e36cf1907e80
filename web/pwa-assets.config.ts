// Draws every icon the app needs from `public/logo.svg`: `npm run icons`. The PNGs are committed.
import { defineConfig, minimal2023Preset } from '@vite-pwa/assets-generator/config'

export default defineConfig({
  preset: {
    ...minimal2023Preset,
    transparent: { ...minimal2023Preset.transparent, padding: 0 },
    maskable: {
      ...minimal2023Preset.maskable,
      padding: 0.1,
      resizeOptions: { background: '#2c3a8f' },
    },
    apple: { ...minimal2023Preset.apple, padding: 0.1, resizeOptions: { background: '#2c3a8f' } },
  },
  images: ['public/logo.svg'],
})
