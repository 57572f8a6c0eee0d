import { join } from 'node:path';
import { labelReader } from '../../protocol/labelDisagreement';
import { sha256OfFile } from '../../hub/exportFiles';
import type { ReviewedLabels } from '../../protocol/tuning';
import { lastReviewedScan, reviewedPhotos, type ReviewedPhoto } from '../../store/reviewedObjects';
import type { ScanStore } from '../../store/scanStore';
import type { LabelledFolder, LabelledPhoto } from './labelledPhotos';

/**
 * What the verdicts of a scan could be tuned on.
 *
 * @param scanId null: the folder's last scan with an object that was said to be in distribution.
 * @returns null when there is no such scan.
 */
export function findReviewedLabels(store: ScanStore, scanId: string | null): ReviewedLabels | null {
  const found = scanId ?? lastReviewedScan(store.connection);
  if (found === null) return null;
  const { classes } = store.scan(found);
  const objects = reviewedPhotos(store.connection, found).flatMap((photo) => photo.objects);
  const placeOf = labelReader(classes);
  const counts = classes.map(() => 0);
  for (const object of objects) {
    const place = object.verdict === 'id' ? placeOf(identifiedClass(object, classes)) : null;
    if (place !== null) counts[place]++;
  }
  const identified = classes.flatMap((name, at) =>
    counts[at] > 0 ? [{ class: name, objects: counts[at] }] : [],
  );
  const outside = objects.filter(({ verdict }) => verdict === 'ood').length;
  return { scanId: found, classes, identified, outside };
}

/**
 * The verdicts of a scan as labels: *in distribution* the class it was given, *out of distribution* outside of every list.
 * Objects without a verdict stay, without a label, since they are part of the picture. Photos that changed since the scan
 * are left out.
 *
 * @param minimumSide boxes with a shorter side, in pixels, are left out.
 */
export async function readReviewedLabels(
  folder: string,
  store: ScanStore,
  scanId: string,
  minimumSide: number,
  signal: AbortSignal,
): Promise<LabelledFolder> {
  const { classes } = store.scan(scanId);
  const origin = 'verdicts of its review';
  const labelled: LabelledFolder = { folder, photos: [], origin, minimumSide, problems: [] };
  for (const photo of reviewedPhotos(store.connection, scanId)) {
    signal.throwIfAborted();
    const problem = await problemOf(folder, photo);
    if (problem === null) labelled.photos.push(labelledPhoto(photo, classes, minimumSide));
    else labelled.problems.push({ file: photo.file, reason: problem });
  }
  return labelled;
}

async function problemOf(folder: string, { file, sha256 }: ReviewedPhoto): Promise<string | null> {
  const now = await sha256OfFile(join(folder, file)).catch(() => null);
  if (now === null) return 'It cannot be read any more';
  return now === sha256 ? null : 'It changed since it was reviewed; scan and review it again';
}

function labelledPhoto(
  { file, objects }: ReviewedPhoto,
  classes: readonly string[],
  minimumSide: number,
): LabelledPhoto {
  return {
    file,
    objects: objects.flatMap((object) => {
      const [x, y, width, height] = object.bbox;
      if (Math.min(width, height) < minimumSide) return [];
      const label = object.verdict === 'id' ? identifiedClass(object, classes) : null;
      return { box: { x, y, width, height }, label, isOutside: object.verdict === 'ood' };
    }),
  };
}

/** The class a reviewer gave, else the closest one, which the screen shows beside the verdict. */
function identifiedClass(
  { class: given, predictedClass }: ReviewedPhoto['objects'][number],
  classes: readonly string[],
): string {
  return given ?? classes[predictedClass];
}
