// Who and what the demo holds. Fixed, so that tests and people can count on it.

export const demoPassword = 'astra-demo-1'

/** Ids as in supabase/seed.sql. */
export const demoTeams = {
  Acme: '0a000000-0000-4000-8000-00000000ac3e',
  Globex: '0a000000-0000-4000-8000-0000000910be',
} as const

export const demoEmails = [
  'owner@acme.test',
  'admin@acme.test',
  'member@acme.test',
  'analyst@acme.test',
  'owner@globex.test',
] as const

/** Registers the demo's servers. */
export const demoOwner = demoEmails[0]
