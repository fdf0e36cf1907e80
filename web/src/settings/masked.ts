// How the fields of a credential behave. A secret is masked without being a login: password managers keep
// out, and so does autocorrect.

export const plain = { autoComplete: 'off', autoCapitalize: 'off', spellCheck: false } as const
export const secret = {
  ...plain,
  type: 'password',
  autoComplete: 'new-password',
  'data-1p-ignore': true,
} as const
