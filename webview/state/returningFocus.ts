/**
 * Gives the keyboard back to what had it when it left for another part of VS Code: the browser forgets where it was in a page
 * like ours, and arrows would go nowhere.
 *
 * @param home what gets it the first time, and where what had it is gone; null while there is none.
 */
export function returnFocus(page: Window, home: () => HTMLElement | null): void {
  const { document } = page;
  let last: HTMLElement | null = null;
  const isNowhere = (): boolean => document.activeElement === document.body;
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) last = target;
  });
  page.addEventListener('focus', () => {
    if (isNowhere()) last?.focus({ preventScroll: true });
    if (isNowhere()) home()?.focus({ preventScroll: true });
  });
}
