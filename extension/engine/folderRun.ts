import { join } from 'node:path';
import type { AnnotationProblem } from '../dataset/annotations/annotations';
import type { ImageFile } from '../dataset/images/imageFiles';
import { isOutOfDistribution } from '../pipeline/alignmentScore';
import { thresholdsByClass } from '../protocol/classThresholds';
import type { ObjectColumns, ScanProgress, ScanReference, ScanSummary, Threshold } from '../protocol/scan';
import { labelReaders } from '../store/annotatedObjects';
import { readColumns, type LabelReaders } from '../store/objectQueries';
import type { ScanStore } from '../store/scanStore';
import type { PictureCache } from './pictures';
import { estimate, isEstimateDue } from './estimation';
import type { PreparedScan } from './prepareScan';
import { scoredForTime, secondsAPhoto, takesLong } from './expectedTime';
import { identifyObjects, type IdentifiedObject } from './identifiedObjects';
import { inLanes } from './inLanes';
import type { ModelWorkers, OpenPhoto, ScanLane } from './models/modelWorkers';
import { TimeLeft } from './timeLeft';

/** Where a scan's results go. */
export interface ScanPlace {
  store: ScanStore;
  pictures: PictureCache;
  /** Directory of the texts of class lists. */
  texts: string;
}

/** Who is told how a scan goes on. */
export interface ScanListener {
  /** What is done before the first image, in words. */
  preparing(what: string): void;
  /** What a person should know of the folder, in a sentence; once a scan. */
  noticed(sentence: string): void;
  started(summary: ScanSummary): void;
  progressed(progress: ScanProgress): void;
  objectsAdded(reference: ScanReference, columns: ObjectColumns): void;
}

/**
 * How often an engine may end at work on a file before the file is passed over. The first time another file may have
 * been to blame, since several are worked on side by side; from then on it has the engine to itself.
 */
const mostStops = 3;

interface PendingFile {
  file: ImageFile;
  position: number;
  /** How often an engine ended at work on it. */
  stops: number;
}

/** One pass over the images that are not finished yet. */
export class FolderRun {
  private readonly store: ScanStore;
  private readonly pictures: PictureCache;
  private readonly timeLeft = new TimeLeft();
  private imagesLeft = 0;
  private readonly counts: Pick<ScanProgress, 'images' | 'objects' | 'flagged'>;
  /** δ of each class. */
  private thresholds: Float64Array;
  private readonly labels: LabelReaders;
  /** δ that nobody was told of yet. */
  private newThreshold: Threshold | undefined;
  /** Files whose results are stored and still theirs. */
  private readonly finished: ReadonlySet<string>;
  private readonly interrupted: ReadonlyMap<string, number>;

  constructor(
    private readonly folder: string,
    private readonly images: readonly ImageFile[],
    private readonly scan: PreparedScan,
    private readonly models: ModelWorkers,
    { store, pictures }: Pick<ScanPlace, 'store' | 'pictures'>,
    private readonly listener: ScanListener,
    private readonly signal: AbortSignal,
  ) {
    this.store = store;
    this.pictures = pictures;
    this.interrupted = store.countInterrupted(this.scanId);
    // Before anything is counted: what changed or is gone is not finished.
    this.finished = this.keepUnchanged();
    store.setPositions(
      this.scanId,
      images.map(({ file }) => file),
    );
    const { images: done, objects, flagged, threshold } = store.summary(scan.reference);
    this.counts = { images: done, objects, flagged };
    this.labels = labelReaders(scan.record);
    this.thresholds = thresholdsByClass(threshold, scan.record.classes);
  }

  /** Scans what is left, an image a lane at a time. Stopped between two images, it leaves none marked as begun. */
  async all(): Promise<void> {
    const { texts, configuration, combiner } = this.scan;
    const setting = { texts, method: configuration.method, combiner };
    const { lanes, close } = await this.models.openScan(setting, this.pictures.directory);
    try {
      const pending = this.pendingFiles();
      this.imagesLeft = pending.length;
      const unsuspected = pending.findIndex(({ stops }) => stops > 0);
      const together = unsuspected < 0 ? pending : pending.slice(0, unsuspected);
      if (together.length > 1 && takesLong(this.models, this.scan.boxes))
        await this.expectTime(together[together.length - 1], lanes);
      await this.inLanes(together, lanes);
      await this.inLanes(pending.slice(together.length), lanes.slice(0, 1));
    } finally {
      this.store.unmarkInFlight(this.scanId);
      await close();
    }
  }

  /** Until no file is left, one fails, or the scan is stopped; all lanes have ended then. */
  private async inLanes(files: readonly PendingFile[], lanes: readonly ScanLane[]): Promise<void> {
    await inLanes(files, lanes, async (file, lane) => {
      this.signal.throwIfAborted();
      await this.finish(file, lane);
      this.imagesLeft--;
      this.timeLeft.imageFinished();
      this.counts.images.done++;
      this.tellProgress();
    });
  }

  /**
   * Times a photo, so that a person knows before the scan what it will take. The last one, since of a scan that goes on the
   * first are the likelier to be known to the cache of detections; what is detected here goes there too.
   */
  private async expectTime(pending: PendingFile, lanes: readonly ScanLane[]): Promise<void> {
    const { file } = pending.file;
    this.listener.preparing('Timing one photo');
    this.store.markInFlight(this.scanId, file);
    const began = performance.now();
    const photo = await lanes[0].openPhoto(join(this.folder, file));
    if (!('unreadable' in photo)) {
      try {
        const objects = await this.objectsOf(file, photo);
        const boxed = performance.now();
        const scored = objects.identified.slice(0, scoredForTime);
        await lanes[0].score(photo, scored, this.signal);
        const seconds = secondsAPhoto(
          {
            boxing: (boxed - began) / 1000,
            objects: objects.identified.length,
            scoring: (performance.now() - boxed) / 1000,
            scored: scored.length,
          },
          this.scan.configuration.method.views.background,
        );
        this.timeLeft.expect(seconds / lanes.length);
        this.tellProgress();
      } finally {
        await photo.close();
      }
    }
    this.store.unmarkInFlight(this.scanId);
  }

  /** In the order of the folder; those an engine ended at come last, so that one that ends every engine costs no other. */
  private pendingFiles(): PendingFile[] {
    return this.images
      .flatMap((file, position) =>
        this.finished.has(file.file) ? [] : [{ file, position, stops: this.interrupted.get(file.file) ?? 0 }],
      )
      .sort((one, other) => one.stops - other.stops);
  }

  private get scanId(): string {
    return this.scan.reference.scanId;
  }

  /** Drops the results of files that changed or are gone. @returns the files whose results stay. */
  private keepUnchanged(): ReadonlySet<string> {
    const now = new Map(this.images.map((image) => [image.file, image]));
    const kept = new Set<string>();
    for (const [file, { size, modifiedMilliseconds }] of this.store.finishedFiles(this.scanId)) {
      const image = now.get(file);
      if (image?.size === size && image.modifiedMilliseconds === modifiedMilliseconds) kept.add(file);
      else this.store.dropImage(this.scanId, file);
    }
    return kept;
  }

  private async finish(pending: PendingFile, lane: ScanLane): Promise<void> {
    const { file } = pending.file;
    if (pending.stops >= mostStops) {
      this.store.recordPassedOver(
        this.scanId,
        file,
        `The engine ended ${pending.stops} times while it worked on this file, so it was passed over; scan afresh to try it again`,
      );
      this.counts.images.unreadable++;
      return;
    }
    this.store.markInFlight(this.scanId, file);
    const photo = await lane.openPhoto(join(this.folder, file));
    if ('unreadable' in photo) {
      this.store.recordUnreadable(this.scanId, file, photo.unreadable);
      this.counts.images.unreadable++;
      return;
    }
    try {
      await this.score(pending, photo, lane);
    } finally {
      await photo.close();
    }
  }

  private async score({ file, position }: PendingFile, photo: OpenPhoto, lane: ScanLane): Promise<void> {
    const { facts } = photo;
    const { identified, problems } = await this.objectsOf(file.file, photo);
    const objects = await lane.score(photo, identified, this.signal);
    const firstRow = this.store.recordImage(this.scanId, { ...file, ...facts, position }, objects, problems);
    const before = this.counts.objects;
    this.counts.objects += objects.length;
    this.counts.flagged += objects.filter(({ score, predictedClass }) =>
      isOutOfDistribution(score, this.thresholds[predictedClass]),
    ).length;
    if (!this.scan.hasThreshold && isEstimateDue(before, this.counts.objects)) this.estimate();
    if (objects.length > 0)
      this.listener.objectsAdded(
        this.scan.reference,
        readColumns(this.store.connection, this.scanId, this.labels, firstRow, before),
      );
  }

  /** δ from the scores so far; what is flagged is counted anew. */
  private estimate(): void {
    estimate(this.store, this.scanId);
    const { flagged, threshold } = this.store.summary(this.scan.reference);
    this.counts.flagged = flagged;
    this.thresholds = thresholdsByClass(threshold, this.scan.record.classes);
    this.newThreshold = threshold;
  }

  private async objectsOf(
    file: string,
    photo: OpenPhoto,
  ): Promise<{ identified: IdentifiedObject[]; problems: AnnotationProblem[] }> {
    const { objects, problems } = await this.scan.boxes.boxesOf(file, photo);
    const { boxMargin } = this.scan.configuration.method.views;
    return { identified: identifyObjects({ file, ...photo.facts }, objects, boxMargin), problems };
  }

  private tellProgress(): void {
    this.listener.progressed({
      ...structuredClone(this.counts),
      reference: this.scan.reference,
      secondsLeft: this.timeLeft.secondsFor(this.imagesLeft),
      ...(this.newThreshold ? { threshold: this.newThreshold } : {}),
    });
    this.newThreshold = undefined;
  }
}
