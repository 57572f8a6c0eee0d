import { join } from 'node:path';
import { openBundleModel, readBundleFile, readBundleTensors, type Bundle } from '../../hub/bundle';
import type { BundleFile, BundleModelFile } from '../../hub/bundleManifest';
import type { DetectorBundle } from '../../hub/detectorBundle';
import type { Tensor } from '../../hub/safetensors';
import type { Accelerator, Device } from '../../protocol/device';
import type { TrainedCombiner } from '../../pipeline/combiner';
import type { BackgroundView } from '../../pipeline/configuration';
import type { Readout } from '../../pipeline/representation';
import { openOnDevice } from './openOnDevice';
import { UserFacingError } from '../../protocol/userFacingError';
import { CenterNetDetector } from '../../towers/detectors/centerNet';
import type { Detector } from '../../towers/detectors/detector';
import { OwlDetector } from '../../towers/detectors/owl';
import { YoloxDetector } from '../../towers/detectors/yolox';
import type { MatrixProducts } from '../../pipeline/matrixProducts';
import { MatrixLibrary } from '../../towers/matrixLibrary';
import { CombinerLibrary } from '../../tuning/combinerLibrary';
import { combinerFromTensors, shapeOfTensors } from '../../tuning/combinerTensors';
import { ImageTower } from '../../towers/imageTower';
import type { TowerInput } from '../../towers/preprocessing/photoViews';
import type { SessionOptions } from '../../towers/session';
import { TextTower } from '../../towers/textTower';
import { TextTokenizer } from '../../towers/tokenizer';

/** What of a bundle looks at photos, loaded. */
export interface ImageModels {
  bundle: Bundle;
  imageTower: ImageTower;
  /** Where the image tower computes. */
  device: Accelerator | 'cpu';
  /** Why it is not where it was wanted; null: it is. */
  fallback: string | null;
  detector: Detector;
  products: MatrixProducts;
  readout: Readout;
  dispose(): Promise<void>;
}

/** What the image tower takes. */
export function towerInput({ bundle }: ImageModels): TowerInput {
  const { imageSize, mean, std } = bundle.manifest.vision;
  return { imageSize, mean, std };
}

export interface ModelOptions extends SessionOptions {
  /** The form of the background the image tower has to serve; absent: masked. */
  background?: BackgroundView;
  /** Where the image tower computes; absent: the processor. */
  device?: Device;
}

/** @throws UserFacingError naming the file that is missing, damaged or unsuited. */
export async function loadImageModels(
  bundle: Bundle,
  detectorBundle: DetectorBundle,
  options: ModelOptions,
): Promise<ImageModels> {
  const { vision } = bundle.manifest;
  const givesKeys = options.background === 'shared';
  const { threads, spinning, device: wanted = 'cpu' } = options;
  const {
    tower: imageTower,
    device,
    fallback,
  } = await loadModel(bundle, vision, (model, weightsFolder) =>
    openOnDevice(
      (provider) =>
        ImageTower.load(model, vision.imageSize, { threads, spinning, provider, weightsFolder }, givesKeys),
      vision.imageSize,
      wanted,
    ),
  );
  const opened: { dispose: () => Promise<unknown> }[] = [imageTower];
  const held = <T extends { dispose: () => Promise<unknown> }>(model: T): T => {
    opened.push(model);
    return model;
  };
  const dispose = async (): Promise<void> => {
    await Promise.all(opened.map((model) => model.dispose()));
  };
  try {
    // Short runs between those of the tower: threads that spin after one would take the processors from the next.
    const between = { threads };
    const matrices = held(await MatrixLibrary.open(between));
    const combiners = held(new CombinerLibrary(between));
    const detector = held(await loadDetector(detectorBundle, options));
    const readout = await loadReadout(bundle, imageTower.facts.width);
    return {
      bundle,
      imageTower,
      device,
      fallback,
      detector,
      products: {
        transposed: matrices.transposed.bind(matrices),
        pooled: matrices.pooled.bind(matrices),
        residual: combiners.residual.bind(combiners),
      },
      readout,
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function loadDetector(bundle: DetectorBundle, options: SessionOptions): Promise<Detector> {
  const { detector } = bundle;
  if (detector.kind === 'centerNet')
    return loadModel(bundle, detector, (model, weightsFolder) =>
      CenterNetDetector.load(model, detector.inputSize, { ...options, weightsFolder }),
    );
  if (detector.kind === 'yolox')
    return loadModel(bundle, detector, (model, weightsFolder) =>
      YoloxDetector.load(model, detector.inputSize, { ...options, weightsFolder }),
    );
  const tokenizer = await load(
    bundle,
    detector.tokenizer,
    (bytes) => new TextTokenizer(bytes, detector.queryLength),
  );
  const input = { ...detector, size: detector.inputSize };
  return loadModel(bundle, detector, (model, weightsFolder) =>
    OwlDetector.load(model, input, tokenizer, { ...options, weightsFolder }),
  );
}

/** The text tower with its tokenizer. @throws UserFacingError as `loadImageModels`. */
export async function loadTextTower(bundle: Bundle, threads: number): Promise<TextTower> {
  const { tokenizer: tokenizerFile, text, vision } = bundle.manifest;
  const tokenizer = await load(
    bundle,
    tokenizerFile,
    (bytes) => new TextTokenizer(bytes, text.contextLength),
  );
  return loadModel(bundle, text, (model, weightsFolder) =>
    TextTower.load(model, tokenizer, vision.imageSize, { threads, weightsFolder }),
  );
}

async function load<T>(
  bundle: Pick<Bundle, 'directory'>,
  file: BundleFile,
  open: (bytes: Uint8Array) => T | Promise<T>,
): Promise<T> {
  const bytes = await readBundleFile(bundle, file);
  return inOwnWords(bundle, file, () => open(bytes));
}

async function loadModel<T>(
  bundle: Pick<Bundle, 'directory'>,
  file: BundleModelFile,
  open: (model: Uint8Array, weightsFolder: string) => Promise<T>,
): Promise<T> {
  const { model, weightsFolder } = await openBundleModel(bundle, file);
  return inOwnWords(bundle, file, () => open(model, weightsFolder));
}

async function inOwnWords<T>(
  { directory }: Pick<Bundle, 'directory'>,
  { file }: BundleFile,
  open: () => T | Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw new UserFacingError(
      `Model file ${join(directory, file)} cannot be used: ${(error as Error).message}`,
    );
  }
}

async function loadReadout(bundle: Bundle, width: number): Promise<Readout> {
  const { tensors: file, genericCombiner } = bundle.manifest.readout;
  const tensors = file ? await readBundleTensors(bundle, file) : new Map<string, Tensor>();
  const read = (name: string, shape: number[]): Float32Array | undefined => {
    const tensor = tensors.get(name);
    if (tensor && tensor.shape.join() !== shape.join())
      throw new UserFacingError(
        `The readout of ${bundle.directory} does not fit its image tower: ${name} is ${tensor.shape.join(' × ')}, not ${shape.join(' × ')}. Fit it again.`,
      );
    return tensor?.data;
  };
  const matrix = read('tokenMap', [width, width]);
  const offset = read('tokenMapOffset', [width]);
  return {
    tokenMap: matrix && offset ? { matrix, offset } : null,
    meanBackground: read('meanBackground', [width]) ?? null,
    genericCombiner: genericCombiner ? await loadGenericCombiner(bundle, genericCombiner, width) : null,
  };
}

async function loadGenericCombiner(
  bundle: Bundle,
  file: BundleFile,
  width: number,
): Promise<TrainedCombiner> {
  const tensors = await readBundleTensors(bundle, file);
  return inOwnWords(bundle, file, () => {
    const shape = shapeOfTensors(tensors);
    if (shape.width !== width)
      throw new Error(
        `its combiner is made for tokens of ${shape.width} numbers, and the tower gives ${width}`,
      );
    return combinerFromTensors(tensors, shape);
  });
}
