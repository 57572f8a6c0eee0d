import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { releaseProxy, wrap, type Remote } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import type { Bundle } from '../../hub/bundle';
import type { DetectorBundle } from '../../hub/detectorBundle';
import type { Device } from '../../protocol/device';
import type { ClassTexts } from '../../pipeline/backgroundText';
import type { BackgroundView } from '../../pipeline/configuration';
import type { Box } from '../../pipeline/image';
import type { TextAttentionTaps } from '../../pipeline/interTextAttention';
import type { Readout } from '../../pipeline/representation';
import type { ObjectPasses } from '../../pipeline/scoreObject';
import type { DetectionConfiguration } from '../../protocol/methodConfiguration';
import { UserFacingError } from '../../protocol/userFacingError';
import type { FinishedObject } from '../../store/records';
import type { Detection } from '../../towers/detectors/detector';
import type { ImageTowerFacts } from '../../towers/imageTower';
import type { IdentifiedObject } from '../identifiedObjects';
import type { LoadedTower, ModelWorker, PhotoFacts, Wording } from './modelWorker';
import type { PooledTokens } from './pooledTokens';
import { soundTexts } from './soundTexts';
import type { ScanSetting } from './scanImage';
import type { StudiedObject } from './studyObjects';
import type { WorkerPlan } from './workerPlan';

/** Bundled beside the program that starts it. */
const program = join(__dirname, 'modelWorker.js');

/** A thread's short-lived values are mostly large arrays outside the heap; a larger nursery only lets them pile up. */
const maxYoungGenerationSizeMb = 6;

let photos = 0;
let scans = 0;

/** A bundle's models, loaded in threads of their own; each works on one photo at a time. */
export class ModelWorkers {
  private constructor(
    readonly bundle: Bundle,
    readonly detector: DetectorBundle,
    readonly facts: ImageTowerFacts,
    /** Why the image tower is not on the device that was wanted; null: it is. */
    readonly fallback: string | null,
    private readonly threads: readonly ModelThread[],
    private readonly plan: WorkerPlan,
  ) {}

  /** @throws UserFacingError naming the file that is missing, damaged or unsuited. */
  static async load(
    bundle: Bundle,
    detector: DetectorBundle,
    plan: WorkerPlan,
    { background = 'masked', device = 'cpu' }: { background?: BackgroundView; device?: Device } = {},
  ): Promise<ModelWorkers> {
    const threads = [new ModelThread()];
    const spinning = plan.workers === 1 && plan.threadsEach > 1;
    const options = { threads: plan.threadsEach, spinning, background };
    const load = (thread: ModelThread, where: Device): Promise<LoadedTower> =>
      thread.ask((worker) => worker.load(bundle, detector, { ...options, device: where }));
    try {
      // On an accelerator the first thread is the only one; else the others share the processors with it.
      const first = load(threads[0], device);
      if (device === 'cpu' || (await first).device === 'cpu')
        while (threads.length < plan.workers) threads.push(new ModelThread());
      const [{ facts, fallback }] = await Promise.all([
        first,
        ...threads.slice(1).map((thread) => load(thread, 'cpu')),
      ]);
      return new ModelWorkers(bundle, detector, facts, fallback, threads, plan);
    } catch (error) {
      await Promise.all(threads.map((thread) => thread.close()));
      throw error;
    }
  }

  /** One entry a photo that can be worked on at once. */
  get lanes(): readonly number[] {
    return [...this.threads.keys()];
  }

  /** As `TextTower.classTexts`. @throws UserFacingError when the text tower does not go with its tokenizer or the image tower. */
  classTexts(classes: readonly string[], { prompts, aliases }: Wording): Promise<ClassTexts> {
    const { workers, threadsEach } = this.plan;
    return soundTexts(this.bundle, this.facts.dimension, () =>
      this.threads[0].ask((worker) =>
        worker.classTexts(classes, { prompts, aliases }, workers * threadsEach),
      ),
    );
  }

  /** As `TextTower.textAttention`. */
  textAttention(classes: readonly string[], prompts: readonly string[]): Promise<TextAttentionTaps[]> {
    const { workers, threadsEach } = this.plan;
    return this.threads[0].ask((worker) => worker.textAttention(classes, prompts, workers * threadsEach));
  }

  /** As `ImageTower.project`. */
  project(tokens: Float32Array, rows: number): Promise<Float32Array> {
    return this.threads[0].ask((worker) => worker.project(tokens, rows));
  }

  /** The fitted tensors of the bundle's readout. */
  readout(): Promise<Readout> {
    return this.threads[0].ask((worker) => worker.readout);
  }

  /**
   * Tells every thread what a scan looks for, and gives a lane for each.
   *
   * @param pictures directory of the picture cache.
   */
  async openScan(setting: ScanSetting, pictures: string): Promise<ScanLanes> {
    const scan = ++scans;
    await Promise.all(this.threads.map((thread) => thread.ask((worker) => worker.openScan(scan, setting))));
    return {
      lanes: this.threads.map((thread) => new ScanLane(thread, scan, pictures)),
      close: async () => {
        await Promise.all(this.threads.map((thread) => thread.ask((worker) => worker.closeScan(scan))));
      },
    };
  }

  /** Tells every thread which forms of the method `OpenPhoto.study` scores objects in, until the next study. */
  async openStudy(forms: readonly ScanSetting[]): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.ask((worker) => worker.openStudy(forms))));
  }

  /** A photo in one of the threads, taken in turn, outside any scan. */
  openPhoto(path: string): Promise<OpenPhoto | { unreadable: string }> {
    return OpenPhoto.open(this.threads[photos % this.threads.length], path);
  }

  /** Waits for what the threads are at. */
  async dispose(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }
}

export interface ScanLanes {
  lanes: readonly ScanLane[];
  close: () => Promise<void>;
}

/** One of the threads that work on a scan. */
export class ScanLane {
  constructor(
    private readonly thread: ModelThread,
    private readonly scan: number,
    private readonly pictures: string,
  ) {}

  openPhoto(path: string): Promise<OpenPhoto | { unreadable: string }> {
    return OpenPhoto.open(this.thread, path);
  }

  /**
   * Scores objects of a photo of this lane and writes their thumbnails.
   *
   * @throws the signal's reason when aborted, after at most one run of the tower.
   */
  async score(
    photo: OpenPhoto,
    objects: readonly IdentifiedObject[],
    signal: AbortSignal,
  ): Promise<FinishedObject[]> {
    signal.throwIfAborted();
    const stop = (): void =>
      void this.thread.ask((worker) => worker.stop(photo.number)).catch(() => undefined);
    signal.addEventListener('abort', stop);
    try {
      return await this.thread.ask((worker) => worker.score(photo.number, this.scan, objects, this.pictures));
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

/** A decoded photo that lies in a thread until it is closed. */
export class OpenPhoto {
  private constructor(
    private readonly thread: ModelThread,
    readonly number: number,
    readonly facts: PhotoFacts,
  ) {}

  /** @returns the photo, or why it cannot be read. */
  static async open(thread: ModelThread, path: string): Promise<OpenPhoto | { unreadable: string }> {
    const number = ++photos;
    const facts = await thread.ask(async (worker) => worker.openPhoto(number, path));
    return 'unreadable' in facts ? facts : new OpenPhoto(thread, number, facts);
  }

  detect(detection: DetectionConfiguration, classes: readonly string[]): Promise<Detection[]> {
    return this.thread.ask((worker) => worker.detect(this.number, detection, classes));
  }

  pool(boxes: readonly Box[], boxMargin: number): Promise<PooledTokens[]> {
    return this.thread.ask((worker) => worker.pool(this.number, boxes, boxMargin));
  }

  study(boxes: readonly Box[], objectsInPhoto: number): Promise<StudiedObject[]> {
    return this.thread.ask((worker) => worker.study(this.number, boxes, objectsInPhoto));
  }

  passes(boxes: readonly Box[], boxMargin: number, objectsInPhoto: number): Promise<ObjectPasses[]> {
    return this.thread.ask((worker) => worker.passes(this.number, boxes, boxMargin, objectsInPhoto));
  }

  close(): Promise<void> {
    return this.thread.ask((worker) => worker.closePhoto(this.number));
  }
}

/** A thread, and what becomes of questions to it when it ends. */
class ModelThread {
  private readonly thread = new Worker(program, { resourceLimits: { maxYoungGenerationSizeMb } });
  private readonly worker: Remote<ModelWorker> = wrap<ModelWorker>(nodeEndpoint(this.thread));
  private readonly ended: Promise<never>;
  private readonly exited: Promise<void>;

  constructor() {
    this.ended = new Promise((_, reject) => {
      this.thread.once('error', reject);
      this.thread.once('exit', () => reject(new Error('The thread of the models ended.')));
    });
    this.ended.catch(() => undefined); // heard by who waits for an answer
    this.exited = new Promise((resolve) => this.thread.once('exit', () => resolve()));
  }

  async ask<T>(question: (worker: Remote<ModelWorker>) => Promise<T>): Promise<T> {
    try {
      return await Promise.race([question(this.worker), this.ended]);
    } catch (error) {
      // Errors lose their class on the way.
      if (error instanceof Error && error.name === 'UserFacingError')
        throw new UserFacingError(error.message);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.ask((worker) => worker.close()).catch(() => undefined);
    this.worker[releaseProxy]();
    await this.exited;
  }
}
