// Joins class names.

type ClassName = string | false | null | undefined

/** Leaves out what is not a class: `cx('a', wide && 'b')`. */
export function cx(...names: ClassName[]): string {
  return names.filter(Boolean).join(' ')
}
