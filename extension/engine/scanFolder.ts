import { checkClassList } from '../dataset/classLists/readClassList';
import type { ImageFolder } from '../dataset/images/imageFiles';
import { outsideImagesText } from '../dataset/images/outsideImages';
import type { ScanOptions } from '../protocol/engine';
import type { ScanSummary } from '../protocol/scan';
import { UserFacingError } from '../protocol/userFacingError';
import { acquireScanLock } from '../store/scanLock';
import type { ScanStore } from '../store/scanStore';
import { calibrate } from './calibration';
import { estimate } from './estimation';
import { FolderRun, type ScanListener, type ScanPlace } from './folderRun';
import type { ModelWorkers } from './models/modelWorkers';
import { prepareScan, type PreparedScan } from './prepareScan';

/** Milliseconds to wait for a process that has just been stopped. */
const lockPatience = 1000;

/**
 * Scans a folder, or continues an earlier scan of the same classes, model, boxes and configuration. Each image is
 * stored with its objects as soon as it is done; what cannot be read is stored beside it and stops nothing.
 *
 * @param found the folder's images.
 * @throws UserFacingError before work starts, or when results cannot be stored; the signal's reason when aborted.
 */
export async function scanFolder(
  options: ScanOptions,
  found: ImageFolder,
  models: ModelWorkers,
  place: ScanPlace,
  listener: ScanListener,
  signal: AbortSignal,
): Promise<ScanSummary> {
  const classes = checkClassList(options.classes, 'the class list');
  const scan = await prepareScan(options, classes, models, found, {
    detections: place.pictures.directory,
    texts: place.texts,
  });
  const lock = acquireScanLock(place.store.directory, scan.reference.scanId, lockPatience);
  if (!lock)
    throw new UserFacingError(
      `${options.folder} is being scanned with the same settings by another window or command. Wait until that scan ends, or stop it.`,
    );
  try {
    begin(options, scan, found, place.store);
    const outside = outsideImagesText(found.outside, found.images.length);
    if (outside !== null) listener.noticed(outside);
    listener.started(place.store.summary(scan.reference));
    await new FolderRun(options.folder, found.images, scan, models, place, listener, signal).all();
    const uncalibrated = finish(scan, place.store);
    if (uncalibrated !== null) listener.noticed(uncalibrated);
    refuseForeignBoxes(scan, place.store.summary(scan.reference));
  } catch (error) {
    throw asStorageError(error as Error, place.store.directory);
  } finally {
    lock.release();
  }
  place.store.keepColumns(scan.reference.scanId);
  return place.store.summary(scan.reference);
}

function begin(
  { fresh, threshold, thresholdPerClass, truePositiveRate }: ScanOptions,
  { record, boxes }: PreparedScan,
  { unreadable }: ImageFolder,
  store: ScanStore,
): void {
  if (fresh) store.removeScan(record.id);
  store.beginScan(record, new Date().toISOString());
  // First, since it takes back a δ that was set by hand before, and not the one that is given beside it.
  if (truePositiveRate !== undefined) store.setTruePositiveRate(record.id, truePositiveRate);
  if (threshold !== undefined) store.setUserThreshold(record.id, threshold);
  if (thresholdPerClass !== undefined) store.setThresholdPerClass(record.id, thresholdPerClass);
  store.clearProblems(record.id);
  for (const { file, reason } of unreadable) store.recordUnreadable(record.id, file, reason);
  store.recordLeftOut(record.id, boxes.problems);
}

/** @returns why δ was not calibrated on the folder's labels; null where it was, or there are none. */
function finish({ record, boxes, hasThreshold }: PreparedScan, store: ScanStore): string | null {
  if (!hasThreshold) estimate(store, record.id);
  const uncalibrated = boxes.hasLabels ? calibrate(store, record.id) : null;
  store.setState(record.id, 'finished', new Date().toISOString());
  return uncalibrated;
}

/** Boxes that name no image of the folder are mostly those of another. */
function refuseForeignBoxes({ boxes, reference }: PreparedScan, { objects, images }: ScanSummary): void {
  if (boxes.identity === 'detector' || objects > 0 || images.unreadable === images.total) return;
  throw new UserFacingError(
    `${boxes.origin} hold no usable box for any image in ${reference.folder}. Check that they name these files, or use the detector.`,
  );
}

/** A full disk, a folder that became read-only or a database that is held, in words; anything else as it is. */
function asStorageError(error: Error, directory: string): Error {
  const { message } = error;
  // From another thread only the message comes, which begins with the code.
  const code = (error as NodeJS.ErrnoException).code ?? /^(E[A-Z]+):/.exec(message)?.[1];
  if (code === 'ENOSPC' || code === 'SQLITE_FULL' || /disk is full/i.test(message))
    return new UserFacingError(
      `The disk is full: results could not be stored in ${directory}. Free some space and scan again; what was finished is kept.`,
    );
  if (code === 'EROFS' || code === 'SQLITE_READONLY')
    return new UserFacingError(
      `${directory} cannot be written to any more. Check its permissions and scan again; what was finished is kept.`,
    );
  if (code === 'SQLITE_BUSY')
    return new UserFacingError(
      `The database in ${directory} is held by another process for long. Stop it and scan again; what was finished is kept.`,
    );
  return error;
}
