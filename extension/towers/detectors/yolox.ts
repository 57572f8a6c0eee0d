import type { InferenceSession } from 'onnxruntime-node';
import type { RgbImage } from '../../pipeline/image';
import { UnsupportedModelError } from '../attentionTaps';
import { openOwnModel } from '../ownGraph';
import { float32Output, float32Tensor, type SessionOptions } from '../session';
import type { Detection, DetectionOptions, Detector } from './detector';
import { keepDetections } from './nonMaximumSuppression';

/** Input pixels a cell of each of the grids, in the order of the output. */
const strides = [8, 16, 32];
/** Sides of the input that no box is as long as. */
const absurd = 1000;
/** A failed run throws its message; the runtime need not write it to standard error too. */
const quietly = { logSeverityLevel: 4 } as const;
/** Of a cell's values, those before the class probabilities: x, y, w, h and objectness. */
const classesStart = 5;
/** Value of the pixels beside the photo. */
const border = 114;

/**
 * Decodes the raw output of a YOLOX: for every cell x, y, w, h relative to it, objectness and class probabilities. As the
 * original's demo (demo_postprocess and class-agnostic suppression of yolox/utils/demo_utils.py).
 *
 * @param output cells × (5 + classes). @param size side S of the input.
 * @returns boxes in pixels of the input with objectness × the largest class probability, in the order of the cells.
 * @throws UnsupportedModelError when the output is not that of three grids of strides 8, 16 and 32 over the input.
 */
export function yoloxDetections(output: Float32Array, size: number): Detection[] {
  const cells = strides.reduce((sum, stride) => sum + (size / stride) ** 2, 0);
  const width = output.length / cells;
  if (size % Math.max(...strides) !== 0 || !Number.isInteger(width) || width < classesStart)
    throw new UnsupportedModelError(
      `its output of ${output.length} values is not that of a YOLOX with strides 8, 16 and 32 at ${size} × ${size} pixels.`,
    );
  const detections: Detection[] = [];
  let at = 0;
  for (const stride of strides)
    for (let row = 0; row < size / stride; row++)
      for (let column = 0; column < size / stride; column++, at += width) {
        const [centreX, centreY] = [(output[at] + column) * stride, (output[at + 1] + row) * stride];
        const [across, down] = [Math.exp(output[at + 2]) * stride, Math.exp(output[at + 3]) * stride];
        let largest = width === classesStart ? 1 : 0;
        for (let k = at + classesStart; k < at + width; k++) largest = Math.max(largest, output[k]);
        const box = { x: centreX - across / 2, y: centreY - down / 2, width: across, height: down };
        detections.push({ box, score: output[at + 4] * largest });
      }
  return detections;
}

/** A YOLOX (Ge et al. 2021) in its public export, used as a detector of things of any kind. */
export class YoloxDetector implements Detector {
  private constructor(
    private readonly session: InferenceSession,
    private readonly inputSize: number,
  ) {}

  /**
   * Opens an export and looks at its output on a grey photo.
   *
   * @param inputSize side of the square input in pixels, a multiple of 32.
   * @throws UnsupportedModelError when the file is no YOLOX for that input, or decodes its boxes itself; Error when it does not open.
   */
  static async load(model: Uint8Array, inputSize: number, options: SessionOptions): Promise<YoloxDetector> {
    const session = await openOwnModel(model, options);
    if (session.inputNames.length !== 1 || session.outputNames.length !== 1)
      throw new UnsupportedModelError('it has not one input and one output, so it is no YOLOX detector.');
    const detector = new YoloxDetector(session, inputSize);
    await detector.probe();
    return detector;
  }

  async detect(image: RgbImage, options: DetectionOptions): Promise<Detection[]> {
    const size = this.inputSize;
    const ratio = Math.min(size / image.width, size / image.height);
    const output = await this.run(letterboxed(image, size, ratio));
    const detections = yoloxDetections(output, size).map(({ box, score }) => ({
      box: { x: box.x / ratio, y: box.y / ratio, width: box.width / ratio, height: box.height / ratio },
      score,
    }));
    return keepDetections(detections, options, image.width, image.height);
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }

  private async probe(): Promise<void> {
    const size = this.inputSize;
    let output: Float32Array;
    try {
      output = await this.run(new Float32Array(3 * size * size).fill(border));
    } catch (error) {
      throw new UnsupportedModelError(
        `it does not take an image of ${size} × ${size} pixels (${(error as Error).message}).`,
      );
    }
    // Sides in pixels, taken for logarithms, come out beyond all measure.
    if (yoloxDetections(output, size).some(({ box }) => Math.max(box.width, box.height) > absurd * size))
      throw new UnsupportedModelError(
        'its boxes are decoded inside the model. Export it without --decode_in_inference.',
      );
  }

  /** @param pixels 3 × S × S, as `letterboxed` gives them. @returns the raw output, cells × (5 + classes). */
  private async run(pixels: Float32Array): Promise<Float32Array> {
    const { inputNames, outputNames } = this.session;
    const dims = [1, 3, this.inputSize, this.inputSize];
    const outputs = await this.session.run({ [inputNames[0]]: float32Tensor(pixels, dims) }, quietly);
    return float32Output(outputs, outputNames[0]).data;
  }
}

/**
 * The photo at the top left of the square and grey beside it, as the original prepares it: bilinear between pixel centres,
 * without smoothing, whole levels.
 *
 * @param ratio of the photo's pixels in the square to its own.
 * @returns 3 × S × S, blue first, 0 to 255. (preproc of yolox/data/data_augment.py; cv2.resize rounds its weights to
 * 1/2048, so a value may differ by one level.)
 */
export function letterboxed({ width, height, data }: RgbImage, size: number, ratio: number): Float32Array {
  const out = new Float32Array(3 * size * size).fill(border);
  const columns = neighbours(Math.trunc(width * ratio), width);
  const rows = neighbours(Math.trunc(height * ratio), height);
  for (let y = 0; y < rows.share.length; y++) {
    const top = rows.low[y] * width;
    const bottom = rows.high[y] * width;
    const lower = rows.share[y];
    for (let x = 0; x < columns.share.length; x++) {
      const left = columns.low[x];
      const right = columns.high[x];
      const further = columns.share[x];
      for (let channel = 0; channel < 3; channel++) {
        const upperLeft = data[(top + left) * 3 + channel];
        const lowerLeft = data[(bottom + left) * 3 + channel];
        const upper = upperLeft + (data[(top + right) * 3 + channel] - upperLeft) * further;
        const below = lowerLeft + (data[(bottom + right) * 3 + channel] - lowerLeft) * further;
        out[(2 - channel) * size * size + y * size + x] = Math.round(upper + (below - upper) * lower);
      }
    }
  }
  return out;
}

/** The two inputs that each of `outputs` positions lies between, and its share of the second. */
interface Neighbours {
  low: Int32Array;
  high: Int32Array;
  share: Float64Array;
}

function neighbours(outputs: number, inputs: number): Neighbours {
  const found = {
    low: new Int32Array(outputs),
    high: new Int32Array(outputs),
    share: new Float64Array(outputs),
  };
  for (let at = 0; at < outputs; at++) {
    const place = Math.min(Math.max(((at + 0.5) * inputs) / outputs - 0.5, 0), inputs - 1);
    found.low[at] = Math.floor(place);
    found.high[at] = Math.min(found.low[at] + 1, inputs - 1);
    found.share[at] = place - found.low[at];
  }
  return found;
}
