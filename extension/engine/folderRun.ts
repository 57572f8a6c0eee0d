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
import { identifyObjects } from './identifiedObjects';
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

/**
 * How often an engine may end at work on a file before the file is passed over. The first time another file may have
 * been to blame, since one is decoded while another is scored; from then on it has the engine to itself.
 */
const mostStops = 3;

interface PendingFile {
  file: ImageFile;
  position: number;
  /** How often an engine ended at work on it. */
  stops: number;
}

interface DecodedFile extends PendingFile {
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
    const pending = this.pendingFiles();
    let left = pending.length;
    let ahead: Promise<DecodedFile> | undefined;
    for (const [at, file] of pending.entries()) {
      this.signal.throwIfAborted();
      const current = await (ahead ?? this.decode(file));
      const next = pending.at(at + 1);
      // The next image is read and decoded while this one runs through the towers, unless it is under suspicion.
      ahead = next?.stops === 0 ? this.decode(next) : undefined;
      ahead?.catch(() => undefined); // thrown when its turn comes; without one, nobody is left to hear of it
      await this.finish(current);
      left--;
      this.timeLeft.imageFinished();
      this.progress(left);
    }
  }

  /** In the order of the folder; those an engine ended at come last, so that one that ends every engine costs no other. */
  private pendingFiles(): PendingFile[] {
    return this.images
      .flatMap((file, position) =>
        this.isFinished(file) ? [] : [{ file, position, stops: this.interrupted.get(file.file) ?? 0 }],
      )
      .sort((one, other) => one.stops - other.stops);
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

  private async decode(pending: PendingFile): Promise<DecodedFile> {
    const { file } = pending.file;
    if (pending.stops >= mostStops)
      return {
        ...pending,
        decoded: new UnreadableImageError(
          `The engine ended ${pending.stops} times while it worked on this file, so it was passed over; scan afresh to try it again`,
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

  private async finish({ file, position, stops, decoded }: DecodedFile): Promise<void> {
    if (decoded instanceof UnreadableImageError) {
      if (stops >= mostStops) this.store.recordPassedOver(this.scanId, file.file, decoded.message);
      else this.store.recordUnreadable(this.scanId, file.file, decoded.message);
      this.counts.images.unreadable++;
      return;
    }
    const { image, sha256 } = decoded;
    const { configuration, texts } = this.scan;
    const boxed = await this.scan.boxes.boxesOf(file.file, image);
    const identified = identifyObjects(
      { file: file.file, sha256, image },
      boxed.objects,
      configuration.method.views.boxMargin,
    );
    const [objects] = await Promise.all([
      scanImage({ image, objects: identified }, this.models, texts, configuration),
      // Encoded on other threads while the towers run.
      ...identified.map(({ identity }) =>
        this.pictures.writeThumbnail(image, identity.decisionKey, identity.crop),
      ),
    ]);
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
