import { fitZoom, zoomedBy, zoomOn, type Zoom } from '../ObjectPictures/fit';
import type { FocusStore } from './focus.svelte';

const step = 1.5;

/**
 * How the photo is magnified. Owner: this page; nothing of it is kept. To the object: the next one is shown so too. A place
 * the person chose lasts as long as the photo.
 */
export class ZoomStore {
  #mode = $state<'fit' | 'object' | 'free'>('fit');
  #free = $state.raw<{ zoom: Zoom; file: string }>({ zoom: fitZoom, file: '' });
  #focus: FocusStore;

  constructor(focus: FocusStore) {
    this.#focus = focus;
  }

  readonly current = $derived.by((): Zoom => {
    const detail = this.#focus.detail;
    if (detail === null || this.#mode === 'fit') return fitZoom;
    if (this.#mode === 'object') return zoomOn(detail.bbox, detail.imageSize);
    return this.#free.file === detail.file ? this.#free.zoom : fitZoom;
  });

  toggle(): void {
    this.#mode = this.current.scale > 1 ? 'fit' : 'object';
  }

  /** Nearer or farther; from the whole photo on, towards the object. */
  by(steps: number): void {
    const detail = this.#focus.detail;
    if (detail === null) return;
    const { x, y } = this.current.scale > 1 ? this.current : zoomOn(detail.bbox, detail.imageSize);
    this.set(zoomedBy({ ...this.current, x, y }, step ** steps));
  }

  set(zoom: Zoom): void {
    this.#mode = zoom.scale > 1 ? 'free' : 'fit';
    this.#free = { zoom, file: this.#focus.detail?.file ?? '' };
  }
}
