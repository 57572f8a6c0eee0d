import type { Box } from '../../pipeline/image';
import type { ComparedPhotos } from '../../protocol/comparison';
import type { ScoredBox } from '../../store/scoredBoxes';
import { intersectionOverUnion } from '../../towers/detectors/nonMaximumSuppression';
import { matchBoxes } from '../labelMatching';

/** Objects of a scan, and the photos it has finished: file and SHA-256 of the bytes. */
export interface MatchedScan {
  readonly objects: readonly ScoredBox[];
  readonly photos: ReadonlyMap<string, string>;
}

/** What two scans of a folder have in common. Places are those in the `objects` of each. */
export interface ScanMatches {
  readonly photos: ComparedPhotos;
  /** An object in both, and the overlap of its two boxes; in the order of the first scan. */
  readonly pairs: readonly { readonly here: number; readonly there: number; readonly overlap: number }[];
  /** Objects of one scan alone, in photos that both hold. */
  readonly onlyHere: readonly number[];
  readonly onlyThere: readonly number[];
}

/**
 * Matches the objects of two scans within the photos that both hold with the same bytes: first those with the same box, then
 * what is left by `matchBoxes`.
 */
export function matchScans(here: MatchedScan, there: MatchedScan): ScanMatches {
  const inBoth = (file: string): boolean => {
    const bytes = here.photos.get(file);
    return bytes !== undefined && there.photos.get(file) === bytes;
  };
  const matchOf = sameBoxes(here.objects, there.objects);
  const taken = new Set(matchOf.values());
  const left = byFile(here.objects, (at, { file }) => !matchOf.has(at) && inBoth(file));
  const free = byFile(there.objects, (at, { file }) => !taken.has(at) && inBoth(file));
  for (const [file, places] of left) {
    const others = free.get(file);
    if (!others) continue;
    const matches = matchBoxes(
      places.map((at) => boxOf(here.objects[at])),
      others.map((at) => boxOf(there.objects[at])),
    );
    matches.forEach((other, at) => {
      if (other === null) return;
      matchOf.set(places[at], others[other]);
      taken.add(others[other]);
    });
  }
  const places = [...here.objects.keys()];
  return {
    photos: countPhotos(here.photos, there.photos),
    pairs: places.flatMap((at) => {
      const other = matchOf.get(at);
      if (other === undefined) return [];
      return [{ here: at, there: other, overlap: overlapOf(here.objects[at], there.objects[other]) }];
    }),
    onlyHere: places.filter((at) => !matchOf.has(at) && inBoth(here.objects[at].file)),
    onlyThere: [...there.objects.keys()].filter((at) => !taken.has(at) && inBoth(there.objects[at].file)),
  };
}

/** The key of an object stands for its file, bytes and box. */
function sameBoxes(here: readonly ScoredBox[], there: readonly ScoredBox[]): Map<number, number> {
  const placeOf = new Map(there.map(({ decisionKey }, at) => [decisionKey, at]));
  const matches = new Map<number, number>();
  here.forEach(({ decisionKey }, at) => {
    const other = placeOf.get(decisionKey);
    if (other !== undefined) matches.set(at, other);
  });
  return matches;
}

function byFile(
  objects: readonly ScoredBox[],
  isWanted: (at: number, object: ScoredBox) => boolean,
): Map<string, number[]> {
  const places = new Map<string, number[]>();
  objects.forEach((object, at) => {
    if (!isWanted(at, object)) return;
    const known = places.get(object.file);
    if (known) known.push(at);
    else places.set(object.file, [at]);
  });
  return places;
}

function overlapOf(one: ScoredBox, other: ScoredBox): number {
  return one.decisionKey === other.decisionKey ? 1 : intersectionOverUnion(boxOf(one), boxOf(other));
}

function countPhotos(here: ReadonlyMap<string, string>, there: ReadonlyMap<string, string>): ComparedPhotos {
  const counts: ComparedPhotos = { compared: 0, onlyHere: 0, onlyThere: 0, changed: 0 };
  for (const [file, bytes] of here) {
    const other = there.get(file);
    counts[other === undefined ? 'onlyHere' : other === bytes ? 'compared' : 'changed']++;
  }
  counts.onlyThere = there.size - counts.compared - counts.changed;
  return counts;
}

function boxOf({ bbox: [x, y, width, height] }: ScoredBox): Box {
  return { x, y, width, height };
}
