import type { ComparedObject, ComparedSide, ComparisonFile } from '../../protocol/comparison';
import { countSides } from '../../protocol/sideCounts';
import type { ScoredBox } from '../../store/scoredBoxes';
import { isFlaggedIn, type ComparedScan, type ComparedScans } from './compareScans';

/** The comparison of two scans as a file: objects in both first, those that moved most before the others. */
export function comparisonFile(
  compared: ComparedScans,
  generator: string,
  createdAt: string,
): ComparisonFile {
  const { here, there, photos, pairs, onlyHere, onlyThere, percentiles } = compared;
  const sides = countSides(
    pairs.length,
    (at) => isFlaggedIn(here, here.objects[pairs[at].here]),
    (at) => isFlaggedIn(there, there.objects[pairs[at].there]),
  );
  const inBoth = pairs
    .map((pair, at): ComparedObject => {
      const a = here.objects[pair.here];
      const b = there.objects[pair.there];
      return {
        image: a.file,
        a: sideOf(here, a, percentiles.here[at]),
        b: sideOf(there, b, percentiles.there[at]),
        overlap: pair.overlap,
        moved: percentiles.here[at] - percentiles.there[at],
      };
    })
    .sort((one, other) => Math.abs(other.moved ?? 0) - Math.abs(one.moved ?? 0));
  const alone = { overlap: null, moved: null };
  return {
    version: 1,
    generator,
    createdAt,
    a: factsOf(here),
    b: factsOf(there),
    images: {
      compared: photos.compared,
      onlyInA: photos.onlyHere,
      onlyInB: photos.onlyThere,
      changed: photos.changed,
    },
    objects: {
      flaggedInBoth: sides.flaggedInBoth,
      flaggedInAOnly: sides.flaggedHere,
      flaggedInBOnly: sides.flaggedThere,
      keptInBoth: sides.keptInBoth,
      onlyInA: countAlone(here, onlyHere),
      onlyInB: countAlone(there, onlyThere),
    },
    rankCorrelation: compared.rankCorrelation,
    compared: [
      ...inBoth,
      ...onlyHere.map((at): ComparedObject => {
        const object = here.objects[at];
        return { image: object.file, a: sideOf(here, object), b: null, ...alone };
      }),
      ...onlyThere.map((at): ComparedObject => {
        const object = there.objects[at];
        return { image: object.file, a: null, b: sideOf(there, object), ...alone };
      }),
    ],
  };
}

function countAlone(scan: ComparedScan, places: readonly number[]): { flagged: number; kept: number } {
  const flagged = places.filter((at) => isFlaggedIn(scan, scan.objects[at])).length;
  return { flagged, kept: places.length - flagged };
}

function sideOf(compared: ComparedScan, object: ScoredBox, percentile: number | null = null): ComparedSide {
  const { classes, thresholds } = compared.scan;
  return {
    id: object.id,
    bbox: object.bbox,
    score: object.score,
    predictedClass: classes[object.predictedClass],
    threshold: thresholds[object.predictedClass],
    flagged: isFlaggedIn(compared, object),
    percentile,
  };
}

function factsOf({ scan }: ComparedScan): ComparisonFile['a'] {
  return {
    id: scan.id,
    createdAt: scan.createdAt,
    model: scan.model,
    combiner: scan.configuration.combiner?.sha256 ?? null,
    classes: scan.classes,
    boxesOrigin: scan.boxesOrigin,
    threshold: scan.threshold.value,
    finished: scan.state === 'finished',
  };
}
