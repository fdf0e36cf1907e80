// Text that somebody says yes to: what it hides from the eye is shown. Pure.

/**
 * Characters without a shape, or that turn the direction of those around them: controls (not tab and line
 * feed), soft hyphens, zero widths (not the joiner, which emoji are made of), directions, and tags.
 */
const hidden =
  // oxlint-disable-next-line no-control-regex -- the very characters that are looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu

/** Each hidden character by its number: `‹U+202E›`. */
export function revealed(text: string): string {
  return text.replace(hidden, (character) => {
    const number = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
    return `‹U+${number}›`
  })
}
