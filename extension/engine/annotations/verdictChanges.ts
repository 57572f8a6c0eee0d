import type { EntryChange } from '../../dataset/annotationText/splices';
import { comparableName, sameClass } from '../../protocol/classNames';
import type { AppliedVerdicts, VerdictRules } from '../../protocol/annotations';
import { readImage } from '../../store/objectQueries';
import { reviewedPhotos, type ReviewedPhoto } from '../../store/reviewedObjects';
import type { ScanStore } from '../../store/scanStore';
import type { StoredScan } from '../../store/scanQueries';
import { matchPhoto } from './matchedAnnotations';
import type { EditableAnnotations } from './scanAnnotations';

type ReviewedObject = ReviewedPhoto['objects'][number];

/** What the verdicts of a scan change in annotation files. */
export interface VerdictChanges {
  /** By file, then by the place of an annotation in it. */
  files: Map<string, Map<number, EntryChange>>;
  counts: Omit<AppliedVerdicts, 'files' | 'output'>;
}

/**
 * What each verdict makes of the annotation it is said of: out of distribution and ignored ones go, those in distribution
 * are called by the class they were given. What has no verdict, or no annotation, changes nothing.
 */
export async function verdictChanges(
  store: ScanStore,
  scan: StoredScan,
  annotations: EditableAnnotations,
  rules: VerdictRules,
): Promise<VerdictChanges> {
  const isDetected = scan.configuration.boxes === 'detector';
  const naming = new Naming(annotations);
  const changes: VerdictChanges = {
    files: new Map(),
    counts: { dropped: 0, relabelled: 0, confirmed: 0, unmatched: 0, unnamed: 0, newClasses: [] },
  };
  for (const { file, objects } of reviewedPhotos(store.connection, scan.id)) {
    const image = readImage(store.connection, scan.id, file);
    const photo = await matchPhoto(annotations, image, objects, isDetected);
    objects.forEach((object, at) => {
      if (object.verdict === null) return;
      const match = photo?.matches[at];
      if (!photo || match?.entry === undefined) changes.counts.unmatched++;
      else add(changes, photo.source, match.entry, naming.changeOf(object, match.label, rules));
    });
  }
  changes.counts.newClasses = naming.added();
  return changes;
}

function add(
  { files, counts }: VerdictChanges,
  source: string,
  entry: number,
  change: EntryChange | 'none' | 'unnamed',
): void {
  if (change === 'none') counts.confirmed++;
  else if (change === 'unnamed') counts.unnamed++;
  else {
    counts[change === 'drop' ? 'dropped' : 'relabelled']++;
    const ofFile = files.get(source) ?? new Map<number, EntryChange>();
    files.set(source, ofFile.set(entry, change));
  }
}

/** Classes as the dataset calls them: a verdict's `sofa` is its `couch`. */
class Naming {
  private readonly own: Map<string, string>;
  private readonly fresh = new Map<string, string>();
  /** Whether the files can be given a class: it may be written as a number that they do not explain. */
  private readonly hasNames: boolean;

  constructor({ format, classNames, namesFile }: EditableAnnotations) {
    this.own = new Map([...classNames].reverse().map((name) => [comparableName(name), name]));
    this.hasNames = format === 'YOLO' ? namesFile !== undefined : format !== 'COCO results';
  }

  changeOf(
    { verdict, class: given }: ReviewedObject,
    label: string | null,
    { keepNamed }: VerdictRules,
  ): EntryChange | 'none' | 'unnamed' {
    if (verdict === 'ignored' || (verdict === 'ood' && !(keepNamed && given !== null))) return 'drop';
    if (given === null) return 'none';
    if (label !== null && sameClass(label, given)) return 'none';
    return this.hasNames ? { class: this.nameOf(given) } : 'unnamed';
  }

  /** The names that the dataset lacks, in the order they came. */
  added(): string[] {
    return [...this.fresh.values()];
  }

  private nameOf(given: string): string {
    const key = comparableName(given);
    const known = this.own.get(key) ?? this.fresh.get(key);
    if (known === undefined) this.fresh.set(key, given);
    return known ?? given;
  }
}
