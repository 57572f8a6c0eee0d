import type { LabelSource } from '../../protocol/tuning';
import { UserFacingError } from '../../protocol/userFacingError';
import type { ScanStore } from '../../store/scanStore';
import { matchLabels } from '../labelMatching';
import { readLabelledFolder, type LabelledFolder, type LabelledPhoto } from './labelledPhotos';
import { readReviewedLabels } from './reviewedLabels';

/**
 * The labelled objects of a folder that a combiner may be tuned on: its annotations, the verdicts of one of its scans, or both.
 *
 * @param store of the folder; asked for only where verdicts are wanted.
 * @throws UserFacingError when there is no image or no annotation.
 */
export async function readShotLabels(
  folder: string,
  { boxes, reviewed }: LabelSource,
  minimumSide: number,
  store: () => Promise<ScanStore>,
  signal: AbortSignal,
): Promise<LabelledFolder> {
  if (boxes === null && reviewed === null)
    throw new UserFacingError(
      `No labels of ${folder} were chosen. Tune on annotations, on verdicts, or both.`,
    );
  const annotated = boxes === null ? null : await readLabelledFolder(folder, boxes, minimumSide, signal);
  if (reviewed === null) return annotated!;
  const verdicts = await readReviewedLabels(folder, await store(), reviewed.scanId, minimumSide, signal);
  return annotated ? together(annotated, verdicts) : verdicts;
}

/** Where an annotation and a verdict are about the same object, the verdict counts. */
export function together(annotated: LabelledFolder, verdicts: LabelledFolder): LabelledFolder {
  const reviewed = new Map(verdicts.photos.map((photo) => [photo.file, photo]));
  const photos = annotated.photos.map((photo) => {
    const found = reviewed.get(photo.file);
    reviewed.delete(photo.file);
    return found ? { file: photo.file, objects: merged(photo, found) } : photo;
  });
  return {
    folder: annotated.folder,
    photos: [...photos, ...reviewed.values()],
    origin: `${annotated.origin} and ${verdicts.origin}`,
    minimumSide: annotated.minimumSide,
    problems: [...annotated.problems, ...verdicts.problems],
  };
}

function merged(annotated: LabelledPhoto, reviewed: LabelledPhoto): LabelledPhoto['objects'] {
  const said = reviewed.objects.filter(({ label, isOutside }) => label !== null || isOutside === true);
  // Matched as detections are, with the place of the annotation for a label.
  const places = annotated.objects.map(({ box }, place) => ({ box, label: String(place) }));
  const replaced = new Set(
    matchLabels(
      said.map(({ box }) => box),
      places,
    ),
  );
  return [...said, ...annotated.objects.filter((_, place) => !replaced.has(String(place)))];
}
