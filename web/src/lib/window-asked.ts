// What the service worker asks an open window: where it is, or to go somewhere (app-push.tsx answers).
export type WindowAsked = { type: 'WHERE' } | { type: 'GO'; url: string }
