import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter';
import { decodeImage, UnreadableImageError } from '../../dataset/images/decodeImage';
import type { Bundle } from '../../hub/bundle';
import type { DetectorBundle } from '../../hub/detectorBundle';
import type { ClassTexts } from '../../pipeline/backgroundText';
import type { MethodConfiguration } from '../../pipeline/configuration';
import type { Box, RgbImage } from '../../pipeline/image';
import type { TextAttentionTaps } from '../../pipeline/interTextAttention';
import type { Readout } from '../../pipeline/representation';
import type { ObjectPasses, TowerPass } from '../../pipeline/scoreObject';
import type { DetectionConfiguration } from '../../protocol/methodConfiguration';
import type { FinishedObject } from '../../store/records';
import type { Detection } from '../../towers/detectors/detector';
import type { ImageTowerFacts } from '../../towers/imageTower';
import type { IdentifiedObject } from '../identifiedObjects';
import { PictureCache } from '../pictures';
import {
  loadImageModels,
  loadTextTower,
  towerInput,
  type ImageModels,
  type ModelOptions,
} from './imageModels';
import { passesOf } from './objectPasses';
import { pooledTokens, type PooledTokens } from './pooledTokens';
import { scanImage, type ScanSetting } from './scanImage';
import { studyObjects, type StudiedObject } from './studyObjects';

export interface PhotoFacts {
  width: number;
  height: number;
  sha256: string;
}

/**
 * A bundle's models in a thread of their own: onnxruntime computes on the thread that asks it to, and the thread that
 * answers the window must not wait. It knows photos and scans by the numbers its owner gave them.
 */
/** What is known of an image tower once it is loaded. */
export type LoadedTower = Pick<ImageModels, 'device' | 'fallback'> & { facts: ImageTowerFacts };

/** What the method's prompts are made of, besides the classes. */
export type Wording = Pick<MethodConfiguration, 'prompts' | 'aliases'>;

class ModelWorker {
  private models: ImageModels | undefined;
  private readonly photos = new Map<number, RgbImage>();
  private readonly scans = new Map<number, ScanSetting>();
  private studied: readonly ScanSetting[] = [];
  private readonly stops = new Map<number, AbortController>();

  /** @throws UserFacingError as `loadImageModels`. */
  async load(bundle: Bundle, detector: DetectorBundle, options: ModelOptions): Promise<LoadedTower> {
    this.models = await loadImageModels(bundle, detector, options);
    const { imageTower, device, fallback } = this.models;
    return { facts: imageTower.facts, device, fallback };
  }

  /** The text tower is only in memory while it works: a scan needs it once. */
  async classTexts(classes: readonly string[], wording: Wording, threads: number): Promise<ClassTexts> {
    const textTower = await loadTextTower(this.loaded.bundle, threads);
    try {
      return await textTower.classTexts(classes, wording.prompts, wording.aliases);
    } finally {
      await textTower.dispose();
    }
  }

  openScan(scan: number, setting: ScanSetting): void {
    this.scans.set(scan, setting);
  }

  closeScan(scan: number): void {
    this.scans.delete(scan);
  }

  /** Decodes a photo and keeps it. @returns its facts, or why it cannot be read. */
  async openPhoto(photo: number, path: string): Promise<PhotoFacts | { unreadable: string }> {
    try {
      const { image, sha256 } = await decodeImage(path);
      this.photos.set(photo, image);
      return { width: image.width, height: image.height, sha256 };
    } catch (error) {
      const { message } = error as Error;
      return {
        unreadable: error instanceof UnreadableImageError ? message : `Cannot be decoded: ${message}`,
      };
    }
  }

  closePhoto(photo: number): void {
    this.photos.delete(photo);
  }

  async detect(
    photo: number,
    detection: DetectionConfiguration,
    classes: readonly string[],
  ): Promise<Detection[]> {
    return this.loaded.detector.detect(this.photo(photo), detection, classes);
  }

  /**
   * Scores the objects of a photo, and writes their thumbnails while the tower runs.
   *
   * @throws the reason of `stop`; the file system's error when a thumbnail cannot be written.
   */
  async score(
    photo: number,
    scan: number,
    objects: readonly IdentifiedObject[],
    pictures: string,
  ): Promise<FinishedObject[]> {
    const image = this.photo(photo);
    const setting = this.scans.get(scan)!;
    const stop = new AbortController();
    this.stops.set(photo, stop);
    try {
      const scored = scanImage({ image, objects }, this.loaded, setting, stop.signal);
      const written = writeThumbnails(new PictureCache(pictures), image, objects, stop.signal);
      await Promise.allSettled([scored, written]);
      await written;
      return await scored;
    } finally {
      this.stops.delete(photo);
    }
  }

  /** Makes a `score` that is under way end soon. */
  stop(photo: number): void {
    this.stops.get(photo)?.abort(new Error('stopped'));
  }

  /** What fitting a readout needs of the objects of a photo. */
  async pool(photo: number, boxes: readonly Box[], boxMargin: number): Promise<PooledTokens[]> {
    const { imageTower } = this.loaded;
    const pooled: PooledTokens[] = [];
    for await (const passes of passesOf(this.photo(photo), boxes, imageTower, towerInput(this.loaded), {
      boxMargin,
      background: 'masked',
    }))
      pooled.push(pooledTokens(passes, imageTower.facts.width));
    return pooled;
  }

  /** What tuning needs of the objects of a photo: their passes, in memory of their own. */
  async passes(
    photo: number,
    boxes: readonly Box[],
    boxMargin: number,
    objectsInPhoto: number,
  ): Promise<ObjectPasses[]> {
    const all: ObjectPasses[] = [];
    for await (const { target, background, ...rest } of passesOf(
      this.photo(photo),
      boxes,
      this.loaded.imageTower,
      towerInput(this.loaded),
      { boxMargin, background: 'masked' },
      objectsInPhoto,
    ))
      all.push({
        target: ownCopy(target),
        background: background && ownCopy(background),
        hasOtherObjects: rest.hasOtherObjects,
        blurredPhoto: rest.blurredPhoto.slice(),
      });
    return all;
  }

  /** The forms of the method that `study` scores objects in. */
  openStudy(forms: readonly ScanSetting[]): void {
    this.studied = forms;
  }

  /** As `studyObjects`, in the forms of the last `openStudy`. */
  study(photo: number, boxes: readonly Box[], objectsInPhoto: number): Promise<StudiedObject[]> {
    return studyObjects(this.photo(photo), boxes, objectsInPhoto, this.loaded, this.studied);
  }

  /** As `ImageTower.project`. */
  project(tokens: Float32Array, rows: number): Promise<Float32Array> {
    return this.loaded.imageTower.project(tokens, rows);
  }

  /** As `TextTower.textAttention`. */
  async textAttention(
    classes: readonly string[],
    prompts: readonly string[],
    threads: number,
  ): Promise<TextAttentionTaps[]> {
    const textTower = await loadTextTower(this.loaded.bundle, threads);
    try {
      return await textTower.textAttention(classes, prompts);
    } finally {
      await textTower.dispose();
    }
  }

  get readout(): Readout {
    return this.loaded.readout;
  }

  /** Lets the thread end by itself: one that is ended from outside while a model runs ends the whole process. */
  async close(): Promise<void> {
    await this.models?.dispose();
    setImmediate(() => parentPort?.close());
  }

  private get loaded(): ImageModels {
    if (!this.models) throw new Error('the models are not loaded');
    return this.models;
  }

  private photo(photo: number): RgbImage {
    const image = this.photos.get(photo);
    if (!image) throw new Error(`photo ${photo} is not open`);
    return image;
  }
}

export type { ModelWorker };

/** A pass is views of the session's whole output, which would all go along to another thread. */
function ownCopy({ tokens, projected, attention }: TowerPass): TowerPass {
  return { tokens: tokens.slice(), projected: projected.slice(), attention: attention.slice() };
}

/** One after the other, since each holds a copy of its part of the photo while it is made. */
async function writeThumbnails(
  pictures: PictureCache,
  image: RgbImage,
  objects: readonly IdentifiedObject[],
  signal: AbortSignal,
): Promise<void> {
  for (const { identity } of objects) {
    if (signal.aborted) return;
    await pictures.writeThumbnail(image, identity.decisionKey, identity.crop);
  }
}

if (parentPort) expose(new ModelWorker(), nodeEndpoint(parentPort));
