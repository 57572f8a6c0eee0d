/** The list of objects, where keys go when nothing else has them; null while the screen shows none. */
export const listElement = (): HTMLElement | null => document.querySelector<HTMLElement>('.list');

/** Keys go on in the list, which stays where it is scrolled to. */
export const focusList = (): void => listElement()?.focus({ preventScroll: true });
