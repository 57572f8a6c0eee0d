import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { decodeImage, UnreadableImageError, type DecodedImage } from '../dataset/images/decodeImage';
import { listImages, type ImageFile } from '../dataset/images/imageFiles';
import { checkClassList } from '../dataset/classLists/readClassList';
import { isOutOfDistribution } from '../pipeline/alignmentScore';
import { prepareTexts, type PreparedTexts } from '../pipeline/scoreObject';
import type { ScanOptions } from '../protocol/engine';
import type { ScanConfiguration } from '../protocol/methodConfiguration';
import type { ObjectColumns, ScanProgress, ScanReference, ScanSummary, Threshold } from '../protocol/scan';
import { UserFacingError } from '../protocol/userFacingError';
import { readColumns } from '../store/objectQueries';
import type { ScanStore } from '../store/scanStore';
import { openBoxSource, type BoxSource } from './boxSources';
import { calibrate } from './calibration';
import { bundleConfiguration, noDetection, patchConfiguration } from './methodDefaults';
import type { ModelSet } from './modelSet';
import type { PictureCache } from './pictures';
import { scanImage } from './scanImage';
import { TimeLeft } from './timeLeft';

/** Who is told how a scan goes on. */
export interface ScanListener {
  started(summary: ScanSummary): void;
  progressed(progress: ScanProgress): void;
  objectsAdded(reference: ScanReference, columns: ObjectColumns): void;
}

/** How often a file may stop the engine before it is passed over. */
const mostStops = 2;

/**
 * Scans a folder, or continues an earlier scan of the same classes, model, boxes and configuration. Each image is
 * stored with its objects as soon as it is done; what cannot be read is stored beside it and stops nothing.
 *
 * @throws UserFacingError before work starts, or when results cannot be stored; the signal's reason when aborted.
 */
export async function scanFolder(
  options: ScanOptions,
  models: ModelSet,
  store: ScanStore,
  pictures: PictureCache,
  listener: ScanListener,
  signal: AbortSignal,
): Promise<ScanSummary> {
  const classes = checkClassList(options.classes, 'the class list');
  const { images, unreadable } = await listImages(options.folder, signal).catch(
    (error: NodeJS.ErrnoException) => {
      signal.throwIfAborted();
      throw new UserFacingError(`Folder ${options.folder} cannot be read: ${error.message}`);
    },
  );
  if (images.length === 0)
    throw new UserFacingError(
      `No image was found in ${options.folder}. Choose a folder with JPEG, PNG, WebP, TIFF, GIF or BMP files.`,
    );
  const scan = await prepareScan(options, classes, models, images);
  const { scanId } = scan.reference;
  if (options.fresh) store.removeScan(scanId);
  store.beginScan({ ...scan.record, id: scanId }, new Date().toISOString());
  if (options.threshold !== undefined) store.setUserThreshold(scanId, options.threshold);
  store.clearUnreadable(scanId);
  for (const { file, reason } of unreadable) store.recordUnreadable(scanId, file, reason);
  const run = new FolderScan(options.folder, images, scan, models, store, pictures, listener, signal);
  listener.started(store.summary(scan.reference));
  try {
    await run.all();
    for (const { file, reason } of scan.boxes.problems()) store.recordUnreadable(scanId, file, reason);
    if (scan.boxes.hasLabels) calibrate(store, scanId);
    store.setState(scanId, 'finished', new Date().toISOString());
  } catch (error) {
    store.setState(scanId, 'stopped', new Date().toISOString());
    throw asStorageError(error as Error, store.directory);
  }
  return store.summary(scan.reference);
}

interface PreparedScan {
  reference: ScanReference;
  record: Omit<Parameters<ScanStore['beginScan']>[0], 'id'>;
  configuration: ScanConfiguration;
  texts: PreparedTexts;
  boxes: BoxSource;
}

async function prepareScan(
  options: ScanOptions,
  classes: string[],
  models: ModelSet,
  images: readonly ImageFile[],
): Promise<PreparedScan> {
  const { bundle } = models;
  const method = patchConfiguration(bundleConfiguration(bundle.manifest), options.configuration ?? {});
  const detection = bundle.manifest.detector?.defaults ?? noDetection;
  const files = images.map(({ file }) => file);
  const boxes = await openBoxSource(options.boxes, options.folder, files, models.detector, detection);
  const configuration: ScanConfiguration = { method, detection, boxes: boxes.identity };
  const model = { id: bundle.manifest.id, version: bundle.manifest.version, sha256: bundle.sha256 };
  const scanId = createHash('sha256')
    .update(JSON.stringify({ classes, model, configuration }))
    .digest('hex')
    .slice(0, 16);
  const classTexts = await models.textTower.classTexts(classes, method.prompts);
  return {
    reference: { folder: options.folder, scanId },
    configuration,
    texts: prepareTexts(classTexts, method),
    boxes,
    record: {
      classes,
      model,
      configuration,
      boxesOrigin: boxes.origin,
      imagesTotal: images.length,
      grid: models.imageTower.facts.grid,
      interTextAttention: classTexts.interTextAttention,
      bundleThreshold: bundleThreshold(models),
    },
  };
}

function bundleThreshold({ bundle }: ModelSet): Threshold {
  const measured = bundle.manifest.threshold;
  return {
    value: measured?.value ?? 0,
    source: 'bundle',
    truePositiveRate: measured?.truePositiveRate ?? null,
    origin: measured
      ? `Comes with the model: ${measured.measuredOn}`
      : 'This model brings no threshold. Set one by hand, or scan a folder with annotations.',
    warning: null,
  };
}

interface DecodedFile {
  file: ImageFile;
  position: number;
  decoded: DecodedImage | UnreadableImageError;
}

/** One pass over the images that are not finished yet. */
class FolderScan {
  private readonly timeLeft = new TimeLeft();
  private readonly counts: Pick<ScanProgress, 'images' | 'objects' | 'flagged'>;
  private readonly threshold: number;
  private readonly finished: ReturnType<ScanStore['finishedFiles']>;
  private readonly interrupted: ReadonlyMap<string, number>;

  constructor(
    private readonly folder: string,
    private readonly images: readonly ImageFile[],
    private readonly scan: PreparedScan,
    private readonly models: ModelSet,
    private readonly store: ScanStore,
    private readonly pictures: PictureCache,
    private readonly listener: ScanListener,
    private readonly signal: AbortSignal,
  ) {
    this.finished = store.finishedFiles(this.scanId);
    this.interrupted = store.countInterrupted(this.scanId);
    const present = new Set(images.map(({ file }) => file));
    for (const file of this.finished.keys()) if (!present.has(file)) store.dropImage(this.scanId, file);
    const { images: done, objects, flagged, threshold } = store.summary(scan.reference);
    this.counts = { images: done, objects, flagged };
    this.threshold = threshold.value;
  }

  async all(): Promise<void> {
    const pending = this.images.flatMap((file, position) =>
      this.isFinished(file) ? [] : [{ file, position }],
    );
    let left = pending.length;
    // The next image is read and decoded while this one runs through the towers.
    let next = this.decode(pending[0]);
    for (let at = 0; at < pending.length; at++) {
      this.signal.throwIfAborted();
      const current = await next;
      next = this.decode(pending[at + 1]);
      if (current) await this.finish(current);
      left--;
      this.timeLeft.imageFinished();
      this.progress(left);
    }
  }

  private get scanId(): string {
    return this.scan.reference.scanId;
  }

  private isFinished({ file, size, modifiedMilliseconds }: ImageFile): boolean {
    const known = this.finished.get(file);
    if (!known) return false;
    if (known.size === size && known.modifiedMilliseconds === modifiedMilliseconds) return true;
    this.store.dropImage(this.scanId, file);
    return false;
  }

  private async decode(
    pending: { file: ImageFile; position: number } | undefined,
  ): Promise<DecodedFile | undefined> {
    if (!pending) return undefined;
    const { file } = pending.file;
    if ((this.interrupted.get(file) ?? 0) >= mostStops)
      return {
        ...pending,
        decoded: new UnreadableImageError('The engine stopped while reading it, twice; it was passed over'),
      };
    this.store.markInFlight(this.scanId, file);
    try {
      return { ...pending, decoded: await decodeImage(join(this.folder, file)) };
    } catch (error) {
      return {
        ...pending,
        decoded:
          error instanceof UnreadableImageError
            ? error
            : new UnreadableImageError(`Cannot be decoded: ${(error as Error).message}`),
      };
    }
  }

  private async finish({ file, position, decoded }: DecodedFile): Promise<void> {
    if (decoded instanceof UnreadableImageError) {
      this.store.recordUnreadable(this.scanId, file.file, decoded.message);
      this.counts.images.unreadable++;
      return;
    }
    const { image, sha256 } = decoded;
    const boxed = await this.scan.boxes.boxesOf(file.file, image);
    const objects = await scanImage(
      { file: file.file, image, sha256, objects: boxed },
      this.models,
      this.scan.texts,
      this.scan.configuration,
    );
    for (const { decisionKey, crop } of objects) await this.pictures.writeThumbnail(image, decisionKey, crop);
    const { width, height } = image;
    const firstRow = this.store.recordImage(
      this.scanId,
      { ...file, sha256, width, height, position },
      objects,
    );
    this.counts.objects += objects.length;
    this.counts.flagged += objects.filter(({ score }) => isOutOfDistribution(score, this.threshold)).length;
    if (objects.length > 0)
      this.listener.objectsAdded(
        this.scan.reference,
        readColumns(this.store.connection, this.scanId, firstRow),
      );
  }

  private progress(imagesLeft: number): void {
    this.counts.images.done++;
    this.listener.progressed({
      ...structuredClone(this.counts),
      reference: this.scan.reference,
      secondsLeft: this.timeLeft.secondsFor(imagesLeft),
    });
  }
}

/** A full disk or a folder that became read-only, in words; anything else as it is. */
function asStorageError(error: Error, directory: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'SQLITE_FULL' || /disk is full/i.test(message))
    return new UserFacingError(
      `The disk is full: results could not be stored in ${directory}. Free some space and scan again; what was finished is kept.`,
    );
  if (code === 'EROFS' || code === 'SQLITE_READONLY')
    return new UserFacingError(
      `${directory} cannot be written to any more. Check its permissions and scan again; what was finished is kept.`,
    );
  return error;
}
