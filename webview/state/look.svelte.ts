import { mapKinds, type MapKind } from '../maps/colourMaps';
import { firstView, type SavedView } from './savedView';

const opacityStep = 0.1;

/** How the photo is looked at. Owner: this page (kept in the saved view). */
export class LookStore {
  /** The chosen map. */
  map = $state<MapKind>(firstView.map);
  /** The map is lifted for a look at the photo. */
  mapHidden = $state(false);
  /** Strength of the map, 0.1 to 1. */
  opacity = $state(firstView.opacity);
  /** Boxes of the photo's other objects are drawn. */
  boxes = $state(true);
  leftOutListOpen = $state(false);
  /** The object of the photo that is pointed at, in the photo or in its list. */
  hoveredId = $state<string | null>(null);

  constructor(saved: SavedView) {
    this.map = saved.map;
    this.opacity = saved.opacity;
    this.boxes = saved.boxes;
  }

  readonly hover = (id: string | null): void => {
    this.hoveredId = id;
  };

  readonly shownMap = $derived.by((): MapKind => (this.mapHidden ? 'photo' : this.map));

  show(map: MapKind): void {
    this.map = map;
    this.mapHidden = false;
  }

  /** @returns whether a map is to be seen now. */
  toggleMap(): boolean {
    if (this.map === 'photo') this.show(firstView.map);
    else this.mapHidden = !this.mapHidden;
    return !this.mapHidden;
  }

  step(by: number): void {
    const place = (mapKinds.indexOf(this.map) + by + mapKinds.length) % mapKinds.length;
    this.show(mapKinds[place]);
  }

  strengthen(steps: number): void {
    this.opacity = Math.min(1, Math.max(0.1, Math.round(100 * (this.opacity + steps * opacityStep)) / 100));
  }
}
