import { focusList } from './listFocus';

export type Layer = 'keys' | 'classes';

/** What lies over the screen: one thing at a time. Owner: this page; nothing of it is kept. */
export class LayerStore {
  open = $state<Layer | null>(null);
  #before: Element | null = null;

  show(layer: Layer): void {
    if (this.open === null) this.#before = document.activeElement;
    this.open = layer;
  }

  toggle(layer: Layer): void {
    if (this.open === layer) this.close();
    else this.show(layer);
  }

  /** Closes it, and keys go where they went before. */
  close(): void {
    if (this.open === null) return;
    this.open = null;
    const before = this.#before;
    if (before instanceof HTMLElement && before !== document.body) before.focus({ preventScroll: true });
    else focusList();
  }
}
