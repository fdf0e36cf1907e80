// Where menus and tooltips are drawn: above everything, and inside whatever a screen reader can reach.
// An open dialog hides all that lies outside it, so what opens within one is drawn within it.
import { createContext, useContext } from 'react'

const Layer = createContext<HTMLElement | null>(null)

/** Around the content of a dialog: `value` is the dialog's own element. */
export const LayerProvider = Layer.Provider

/** The element to draw into: the dialog around the caller, else the page's own layer. */
export function useLayer(): HTMLElement | undefined {
  const dialog = useContext(Layer)
  return dialog ?? document.getElementById('layer') ?? undefined
}
