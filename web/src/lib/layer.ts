// Where menus and tooltips are drawn: above everything, inside a landmark of their own.

/** None while a dialog is open: what lies outside a dialog is hidden from screen readers. */
export function layer(): HTMLElement | undefined {
  if (document.querySelector('[role=dialog]')) return undefined
  return document.getElementById('layer') ?? undefined
}
