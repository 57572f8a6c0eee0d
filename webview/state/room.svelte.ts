import type { SavedView } from './savedView';
import type { ScanStore } from './scan.svelte';

export type Layout = 'narrow' | 'medium' | 'wide';

/** Heights in CSS pixels, one above the other, with four rows of the list beside photo and verdicts. */
const heightWith = { histogram: 700, origin: 540 } as const;
/** With three rows, where nothing stands above. */
const heightWithHistogramAlone = 580;
/** Below this height two rows, photo and verdicts have no room beside each other. */
const leastHeight = 424;
/** What the other scan says of the object. */
const otherScanHeight = 54;

/** Widths in CSS pixels from which columns stand side by side; the style sheets ask for the same. */
const widthOf = { medium: 560, previews: 1040, wide: 1320 } as const;

/**
 * How the room is shared out between list, object and reasons. Owner: this page (what the person chose is kept in the saved
 * view), and of the window's size VS Code.
 */
export class RoomStore {
  /** One above the other: the share of the height above the object, 0 to 1; null: both as much. */
  upperShare = $state<number | null>(null);
  /** Side by side: widths in CSS pixels; null: as the window asks. */
  listWidth = $state<number | null>(null);
  whyWidth = $state<number | null>(null);
  /** One above the other: whether the histogram is unfolded; null: where there is room for it. */
  histogramChosen = $state<boolean | null>(null);
  windowWidth = $state(0);
  /** Height of the window, and of what stands above list and object in it: banners, progress, comparison. */
  windowHeight = $state(0);
  aboveHeight = $state(0);
  readonly #scan: ScanStore;

  constructor(scan: ScanStore, saved: SavedView['room']) {
    this.#scan = scan;
    Object.assign(this, saved);
  }

  /** One column; list and object side by side; the reasons beside them. */
  readonly layout = $derived.by((): Layout => {
    if (this.windowWidth < widthOf.medium) return 'narrow';
    return this.windowWidth < widthOf.wide ? 'medium' : 'wide';
  });
  readonly isNarrow = $derived.by(() => this.layout === 'narrow');
  /** Each map can show beside its name what it would show. */
  readonly hasPreviews = $derived.by(() => this.windowWidth >= widthOf.previews);
  /** Height of list and object together. */
  readonly height = $derived.by(() => Math.max(0, this.windowHeight - this.aboveHeight));
  /** Of it, what folds and pictures can be measured by. */
  readonly spare = $derived.by(() => this.height - (this.#scan.comparison === null ? 0 : otherScanHeight));
  /** No banner, progress or other scan takes height: the list then gives way to photo and maps, and has all that is left. */
  readonly isAlone = $derived.by(() => this.spare === this.windowHeight);
  readonly histogramShown = $derived.by(
    () =>
      this.histogramChosen ?? this.spare >= (this.isAlone ? heightWithHistogramAlone : heightWith.histogram),
  );
  /** Where δ comes from is in sight; unfolding the histogram shows it as well. */
  readonly originShown = $derived.by(() => this.histogramShown || this.spare >= heightWith.origin);
  /** Nothing can be seen at once, one above the other: the window is scrolled through as one page. */
  readonly isLow = $derived.by(() => this.spare < leastHeight);

  /** What VS Code should keep of it. */
  get saved(): SavedView['room'] {
    const { upperShare, listWidth, whyWidth, histogramChosen } = this;
    return { upperShare, listWidth, whyWidth, histogramChosen };
  }
}
