import type { SavedView } from './savedView';

/** Below this height of list and object together the histogram would leave the list fewer than three rows. */
const heightWithHistogram = 580;

/** How the room is shared out between list, object and reasons. Owner: this page (kept in the saved view). */
export class RoomStore {
  /** One above the other: the share of the height above the object, 0 to 1; null: both as much. */
  upperShare = $state<number | null>(null);
  /** Side by side: widths in CSS pixels; null: as the window asks. */
  listWidth = $state<number | null>(null);
  whyWidth = $state<number | null>(null);
  /** One above the other: whether the histogram is unfolded; null: where there is room for it. */
  histogramChosen = $state<boolean | null>(null);
  /** Height of list and object together, in CSS pixels. */
  height = $state(0);

  constructor(saved: SavedView['room']) {
    Object.assign(this, saved);
  }

  readonly histogramShown = $derived.by(() => this.histogramChosen ?? this.height >= heightWithHistogram);

  /** What VS Code should keep of it. */
  get saved(): SavedView['room'] {
    const { upperShare, listWidth, whyWidth, histogramChosen } = this;
    return { upperShare, listWidth, whyWidth, histogramChosen };
  }
}
