import { join } from 'node:path';
import { decodeImage, UnreadableImageError, type DecodedImage } from '../dataset/images/decodeImage';
import type { ImageFile } from '../dataset/images/imageFiles';
import { isOutOfDistribution } from '../pipeline/alignmentScore';
import type { ObjectColumns, ScanProgress, ScanReference, ScanSummary } from '../protocol/scan';
import { readColumns } from '../store/objectQueries';
import type { ScanStore } from '../store/scanStore';
import type { ModelSet } from './modelSet';
import type { PictureCache } from './pictures';
import type { PreparedScan } from './prepareScan';
import { scanImage } from './scanImage';
import { TimeLeft } from './timeLeft';

/** Where a scan's results go. */
export interface ScanPlace {
  store: ScanStore;
  pictures: PictureCache;
}

/** Who is told how a scan goes on. */
export interface ScanListener {
  started(summary: ScanSummary): void;
  progressed(progress: ScanProgress): void;
  objectsAdded(reference: ScanReference, columns: ObjectColumns): void;
}

/** How often a file may stop the engine before it is passed over. */
const mostStops = 2;

interface DecodedFile {
  file: ImageFile;
  position: number;
  decoded: DecodedImage | UnreadableImageError;
}

/** One pass over the images that are not finished yet. */
export class FolderRun {
  private readonly store: ScanStore;
  private readonly pictures: PictureCache;
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
    { store, pictures }: ScanPlace,
    private readonly listener: ScanListener,
    private readonly signal: AbortSignal,
  ) {
    this.store = store;
    this.pictures = pictures;
    this.finished = store.finishedFiles(this.scanId);
    this.interrupted = store.countInterrupted(this.scanId);
    const present = new Set(images.map(({ file }) => file));
    for (const file of this.finished.keys()) if (!present.has(file)) store.dropImage(this.scanId, file);
    store.setPositions(
      this.scanId,
      images.map(({ file }) => file),
    );
    const { images: done, objects, flagged, threshold } = store.summary(scan.reference);
    this.counts = { images: done, objects, flagged };
    this.threshold = threshold.value;
  }

  /** Scans what is left, image by image. Stopped between two images, it leaves none marked as begun. */
  async all(): Promise<void> {
    try {
      await this.pendingInTurn();
    } finally {
      this.store.unmarkInFlight(this.scanId);
    }
  }

  private async pendingInTurn(): Promise<void> {
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
    if (this.isPassedOver(file))
      return {
        ...pending,
        decoded: new UnreadableImageError(
          'The engine stopped twice while it worked on this file, so it was passed over; scan afresh to try it again',
        ),
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

  private isPassedOver(file: string): boolean {
    return (this.interrupted.get(file) ?? 0) >= mostStops;
  }

  private async finish({ file, position, decoded }: DecodedFile): Promise<void> {
    if (decoded instanceof UnreadableImageError) {
      if (this.isPassedOver(file.file)) this.store.recordPassedOver(this.scanId, file.file, decoded.message);
      else this.store.recordUnreadable(this.scanId, file.file, decoded.message);
      this.counts.images.unreadable++;
      return;
    }
    const { image, sha256 } = decoded;
    const boxed = await this.scan.boxes.boxesOf(file.file, image);
    const objects = await scanImage(
      { file: file.file, image, sha256, objects: boxed.objects },
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
      boxed.problems,
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
