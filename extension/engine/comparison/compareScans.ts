import { isOutOfDistribution } from '../../pipeline/alignmentScore';
import { objectRelations, type ComparisonColumns, type ScanComparison } from '../../protocol/comparison';
import { encodeColumn } from '../../protocol/columns';
import type { ScanReference } from '../../protocol/scan';
import { readImages } from '../../store/objectQueries';
import type { StoredScan } from '../../store/scanQueries';
import type { ScanStore } from '../../store/scanStore';
import { readScoredBoxes, type ScoredBox } from '../../store/scoredBoxes';
import { matchScans, type MatchedScan, type ScanMatches } from './matchScans';
import { compareRanks, type ComparedRanks } from './percentiles';

/** One of two scans, with the δ in force of each class. */
export interface ComparedScan extends MatchedScan {
  readonly scan: StoredScan;
}

/** Two scans of a folder, and what each object of the one is in the other; percentiles are of each of the pairs. */
export interface ComparedScans extends ScanMatches, ComparedRanks {
  readonly here: ComparedScan;
  readonly there: ComparedScan;
}

/** @throws Error when a scan is not stored. */
export function compareStored(store: ScanStore, here: string, there: string): ComparedScans {
  const scans = { here: readCompared(store, here), there: readCompared(store, there) };
  const matches = matchScans(scans.here, scans.there);
  const { pairs } = matches;
  const ranks = compareRanks(
    pairs.map((pair) => scans.here.objects[pair.here].score),
    pairs.map((pair) => scans.there.objects[pair.there].score),
  );
  return { ...scans, ...matches, ...ranks };
}

/** Whether an object is flagged by its scan. */
export function isFlaggedIn({ scan }: ComparedScan, { score, predictedClass }: ScoredBox): boolean {
  return isOutOfDistribution(score, scan.thresholds[predictedClass]);
}

/** What the review shows beside the objects of a scan. @param other id of the scan that it is held against. */
export function compareScans(
  store: ScanStore,
  { folder, scanId }: ScanReference,
  other: string,
): ScanComparison {
  const compared = compareStored(store, scanId, other);
  return {
    other: store.summary({ folder, scanId: other }),
    photos: compared.photos,
    onlyThere: compared.onlyThere.length,
    rankCorrelation: compared.rankCorrelation,
    columns: columnsOf(compared),
  };
}

function columnsOf({ here, there, pairs, onlyHere, percentiles }: ComparedScans): ComparisonColumns {
  const count = here.objects.length;
  const relation = new Uint8Array(count);
  const predictedClass = new Uint16Array(count);
  for (const at of onlyHere) relation[at] = objectRelations.indexOf('onlyHere');
  for (const pair of pairs) {
    relation[pair.here] = objectRelations.indexOf('both');
    predictedClass[pair.here] = there.objects[pair.there].predictedClass;
  }
  const column = (valueOf: (pair: (typeof pairs)[number], at: number) => number): string => {
    const values = new Float32Array(count).fill(NaN);
    pairs.forEach((pair, at) => (values[pair.here] = valueOf(pair, at)));
    return encodeColumn(values);
  };
  return {
    count,
    relation: encodeColumn(relation),
    overlap: column(({ overlap }) => overlap),
    score: column((pair) => there.objects[pair.there].score),
    predictedClass: encodeColumn(predictedClass),
    percentile: column((_, at) => percentiles.here[at]),
    otherPercentile: column((_, at) => percentiles.there[at]),
  };
}

function readCompared(store: ScanStore, scanId: string): ComparedScan {
  return {
    scan: store.scan(scanId),
    objects: readScoredBoxes(store.connection, scanId),
    photos: new Map(readImages(store.connection, scanId).map(({ file, sha256 }) => [file, sha256])),
  };
}
