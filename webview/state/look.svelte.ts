import type { MapKind } from '../maps/colourMaps';
import type { SavedView } from './savedView';

/** How the photo is looked at. Owner: this page (kept in the saved view). */
export class LookStore {
  map = $state<MapKind>('alignment');
  /** Strength of the map, 0.1 to 1. */
  opacity = $state(0.65);
  /** Boxes of the photo's other objects are drawn. */
  boxes = $state(true);
  leftOutListOpen = $state(false);

  constructor(saved: SavedView) {
    this.map = saved.map;
    this.opacity = saved.opacity;
    this.boxes = saved.boxes;
  }
}
