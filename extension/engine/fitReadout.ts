import { createHash } from 'node:crypto';
import { cp, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { listImages } from '../dataset/images/imageFiles';
import type { Bundle } from '../hub/bundle';
import { diskFaultInWords } from '../hub/diskFault';
import {
  bundleFiles,
  bundleManifestSchema,
  manifestFileName,
  type BundleManifest,
  type ReadoutManifest,
} from '../hub/bundleManifest';
import { writeSafetensors, type Tensor } from '../hub/safetensors';
import type { ScoreForm } from '../pipeline/configuration';
import { columnMeans, fitTokenMap } from '../pipeline/tokenMap';
import { UserFacingError } from '../protocol/userFacingError';
import { writeInOneStep } from '../store/writeInOneStep';
import { keptDetections } from './detectionCache';
import { openBoxSource } from './boxSources';
import type { ModelWorkers } from './models/modelWorkers';
import type { PooledTokens } from './models/pooledTokens';
import * as z from 'zod/mini';

/** Fewer boxes make a map that does worse than none (measured on small towers). */
export const fewestBoxes = 300;

export interface FitOptions {
  images: string;
  /** As in a scan. */
  boxes: string;
  /** Shorter sides are left out. */
  minimumSide: number;
  /** At most so many boxes, spread over the images. */
  maximumBoxes: number;
}

/** What the readout is besides its tensors. */
export type ReadoutForm = Pick<
  ReadoutManifest,
  'tokenMap' | 'clsShare' | 'backgroundGain' | 'scoreForm' | 'boxMargin' | 'prompts'
>;

export interface FittedReadout {
  form: ReadoutForm;
  tensors: Map<string, Tensor>;
  fittedOn: NonNullable<ReadoutManifest['fittedOn']>;
}

/**
 * Fits a bundle's readout on photos without labels: the token map R by ridge regression from attention-pooled target
 * tokens to [CLS], and the mean background m of attention-pooled background tokens. Any photos with varied objects do.
 *
 * @throws UserFacingError when there are fewer than `fewestBoxes` boxes.
 */
export async function fitReadout(
  models: ModelWorkers,
  form: ReadoutForm,
  options: FitOptions,
  progressed: (images: number, total: number, boxes: number) => void,
  signal: AbortSignal,
): Promise<FittedReadout> {
  const { width } = models.facts;
  const { images } = await listImages(options.images, signal);
  const source = await openBoxSource(
    options.boxes,
    options.images,
    images.map(({ file }) => file),
    keptDetections(models.detector, models.detector.detector.defaults, [], null),
  );
  const sample = new PooledSample(width);
  let imagesUsed = 0;
  for (const [at, { file }] of images.entries()) {
    signal.throwIfAborted();
    const photo = await models.openPhoto(join(options.images, file));
    if ('unreadable' in photo) continue;
    try {
      const boxes = (await source.boxesOf(file, photo)).objects
        .map(({ box }) => box)
        .filter((box) => Math.min(box.width, box.height) >= options.minimumSide);
      for (const pooled of await photo.pool(boxes, form.boxMargin)) sample.add(pooled);
      if (boxes.length > 0) imagesUsed++;
    } finally {
      await photo.close();
    }
    progressed(at + 1, images.length, sample.objects);
    if (sample.objects >= options.maximumBoxes) break;
  }
  if (sample.objects < fewestBoxes)
    throw new UserFacingError(
      `${options.images} gave ${sample.objects} boxes; a readout needs ${fewestBoxes} or more of varied objects. Name a folder with more photos.`,
    );
  return {
    form,
    tensors: sample.fit(),
    fittedOn: {
      objects: sample.objects,
      images: imagesUsed,
      boxes: source.origin === 'detector' ? 'detector' : 'given boxes',
      note: 'unlabelled',
    },
  };
}

/** Attention-pooled tokens of objects and backgrounds, and the objects' [CLS]. */
class PooledSample {
  private readonly pooled: Float32Array[] = [];
  private readonly cls: Float32Array[] = [];
  private readonly backgrounds: Float32Array[] = [];

  constructor(private readonly width: number) {}

  get objects(): number {
    return this.pooled.length;
  }

  add({ target, cls, background }: PooledTokens): void {
    this.pooled.push(target);
    this.cls.push(cls);
    if (background) this.backgrounds.push(background);
  }

  fit(): Map<string, Tensor> {
    const { width } = this;
    const { matrix, offset } = fitTokenMap(joined(this.pooled), joined(this.cls), width);
    const mean = Float32Array.from(columnMeans(joined(this.backgrounds), width));
    return new Map([
      ['tokenMap', { shape: [width, width], data: matrix }],
      ['tokenMapOffset', { shape: [width], data: offset }],
      ['meanBackground', { shape: [width], data: mean }],
    ]);
  }
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.reduce((length, row) => length + row.length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

/**
 * Writes a bundle with a fitted readout: `bundle.json` and `readout.safetensors`, and the bundle's other files where
 * `output` is another folder.
 *
 * @throws UserFacingError when the folder cannot be written to.
 */
export async function writeFittedBundle(
  bundle: Bundle,
  fitted: FittedReadout,
  output: string,
): Promise<BundleManifest> {
  try {
    return await writeFitted(bundle, fitted, output);
  } catch (error) {
    throw diskFaultInWords(error, output, `${bundle.manifest.id} is as it was`);
  }
}

async function writeFitted(bundle: Bundle, fitted: FittedReadout, output: string): Promise<BundleManifest> {
  const { manifest } = bundle;
  await mkdir(output, { recursive: true });
  if (resolve(output) !== resolve(bundle.directory)) {
    for (const { file } of bundleFiles(manifest)) {
      await mkdir(dirname(join(output, file)), { recursive: true });
      await cp(join(bundle.directory, file), join(output, file));
    }
  }
  const bytes = writeSafetensors(fitted.tensors, { form: 'UNI-OOD readout' });
  const file = 'readout.safetensors';
  await writeInOneStep(join(output, file), bytes);
  const written = z.parse(bundleManifestSchema, {
    ...manifest,
    readout: {
      ...fitted.form,
      // It belongs to the towers, which are the same.
      genericCombiner: manifest.readout.genericCombiner,
      tensors: { file, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') },
      fittedOn: fitted.fittedOn,
    },
  });
  await writeManifest(output, written);
  return written;
}

/** Writes another form of the score into a bundle that was fitted. @param note what it was chosen on. */
export async function writeScoreForm(
  { directory, manifest }: Bundle,
  scoreForm: ScoreForm,
  note: string,
): Promise<void> {
  const { fittedOn } = manifest.readout;
  if (!fittedOn) throw new Error(`${directory} has not been fitted`);
  const readout = { ...manifest.readout, scoreForm, fittedOn: { ...fittedOn, note, formIsOpen: undefined } };
  await writeManifest(directory, { ...manifest, readout });
}

async function writeManifest(directory: string, manifest: BundleManifest): Promise<void> {
  await writeInOneStep(join(directory, manifestFileName), `${JSON.stringify(manifest, null, 2)}\n`);
}
