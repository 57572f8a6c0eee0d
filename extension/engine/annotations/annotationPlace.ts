import { entryPlace } from '../../dataset/annotationText/entryPlace';
import type { AnnotationPlace } from '../../protocol/annotations';
import type { ScanReference } from '../../protocol/scan';
import { UserFacingError } from '../../protocol/userFacingError';
import { annotatedReader } from '../../store/annotatedObjects';
import { readImage, readImageObjects, readObject } from '../../store/objectQueries';
import type { ScanStore } from '../../store/scanStore';
import { matchPhoto } from './matchedAnnotations';
import type { ScanAnnotations } from './scanAnnotations';

/**
 * Where an annotation file holds an object, or the annotation that a detected object was matched with, as the file is now.
 *
 * @throws UserFacingError when no file holds it.
 */
export async function annotationPlace(
  store: ScanStore,
  annotations: ScanAnnotations,
  { folder, scanId }: ScanReference,
  id: string,
): Promise<AnnotationPlace> {
  const scan = store.scan(scanId);
  const object = readObject(store.connection, scanId, id);
  const opened = await annotations.of(folder, scan);
  if (!annotatedReader(scan)(object.label))
    throw new UserFacingError(
      `The detector found this object of ${object.file}; no annotation overlaps it, so there is none to show.`,
    );
  const isDetected = scan.configuration.boxes === 'detector';
  const objects = readImageObjects(store.connection, scanId, object.file);
  const photo = await matchPhoto(
    opened,
    readImage(store.connection, scanId, object.file),
    objects,
    isDetected,
  );
  const match = photo?.matches[objects.findIndex((one) => one.id === id)];
  const place =
    photo && match?.entry !== undefined && (await entryPlace(opened.format, photo.source, match.entry));
  if (place) return place;
  throw new UserFacingError(
    `${photo?.source ?? opened.source} does not hold this object of ${object.file} any more: it was changed since the scan. Scan the folder again.`,
  );
}
