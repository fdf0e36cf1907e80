// What an auth refusal means, in a sentence. Unknown ones get one that promises nothing.

const sentences: Record<string, string> = {
  invalid_credentials: 'E-mail or password is wrong.',
  email_not_confirmed: 'Confirm your e-mail first: open the link we sent you.',
  user_already_exists: 'There is already an account with this e-mail. Sign in instead.',
  email_exists: 'There is already an account with this e-mail. Sign in instead.',
  weak_password: 'This password is too easy to guess. Take a longer one.',
  email_address_invalid: 'This e-mail address is not accepted.',
  signup_disabled: 'New accounts are switched off here. Ask whoever runs this Astra.',
  over_request_rate_limit: 'Too many attempts. Wait a minute and try again.',
  over_email_send_rate_limit: 'Too many e-mails were sent. Wait a few minutes and try again.',
}

/** `status` 0 or none: nothing answered. */
export function authMessage(error: { code?: string; status?: number; message: string }): string {
  const known = error.code && sentences[error.code]
  if (known) return known
  if (/already (registered|exists)/i.test(error.message)) return sentences.email_exists!
  if (/invalid login credentials/i.test(error.message)) return sentences.invalid_credentials!
  if (!error.status) return 'Astra could not be reached. Check your connection and try again.'
  if (error.status === 429) return sentences.over_request_rate_limit!
  return 'That did not work. Check what you entered and try again.'
}
