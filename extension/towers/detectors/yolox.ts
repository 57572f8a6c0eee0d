import type { InferenceSession } from 'onnxruntime-node';
import type { RgbImage } from '../../pipeline/image';
import { UnsupportedModelError } from '../attentionTaps';
import { float32Output, float32Tensor, openSession, type SessionOptions } from '../session';
import type { Detection, DetectionOptions, Detector } from './detector';
import { keepDetections } from './nonMaximumSuppression';

/** Input pixels a cell of each of the grids, in the order of the output. */
const strides = [8, 16, 32];
/** Value of the pixels beside the photo. */
const border = 114;

/**
 * Decodes the raw output of a YOLOX: for every cell x, y, w, h relative to it, objectness and class probabilities.
 *
 * @param output cells × (5 + classes). @param size side S of the input.
 * @returns boxes in pixels of the input with objectness × the largest class probability, in the order of the cells.
 */
export function yoloxDetections(output: Float32Array, size: number): Detection[] {
  const cells = strides.reduce((sum, stride) => sum + (size / stride) ** 2, 0);
  const width = output.length / cells;
  const detections: Detection[] = [];
  let at = 0;
  for (const stride of strides)
    for (let row = 0; row < size / stride; row++)
      for (let column = 0; column < size / stride; column++, at += width) {
        const [centreX, centreY] = [(output[at] + column) * stride, (output[at + 1] + row) * stride];
        const [across, down] = [Math.exp(output[at + 2]) * stride, Math.exp(output[at + 3]) * stride];
        let largest = width === 5 ? 1 : 0;
        for (let k = at + 5; k < at + width; k++) largest = Math.max(largest, output[k]);
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
   * @param inputSize side of the square input in pixels, a multiple of 32.
   * @throws UnsupportedModelError when the file has not one input and one output; Error when it does not open.
   */
  static async load(model: Uint8Array, inputSize: number, options: SessionOptions): Promise<YoloxDetector> {
    const session = await openSession(model, options);
    if (session.inputNames.length !== 1 || session.outputNames.length !== 1)
      throw new UnsupportedModelError(
        'a YOLOX has one input and one output, undecoded; export it with --decode_in_inference off.',
      );
    return new YoloxDetector(session, inputSize);
  }

  async detect(image: RgbImage, options: DetectionOptions): Promise<Detection[]> {
    const size = this.inputSize;
    const ratio = Math.min(size / image.width, size / image.height);
    const [input] = this.session.inputNames;
    const [output] = this.session.outputNames;
    const outputs = await this.session.run({
      [input]: float32Tensor(letterboxed(image, size, ratio), [1, 3, size, size]),
    });
    const { data } = float32Output(outputs, output);
    const detections = yoloxDetections(data, size).map(({ box, score }) => ({
      box: { x: box.x / ratio, y: box.y / ratio, width: box.width / ratio, height: box.height / ratio },
      score,
    }));
    return keepDetections(detections, options, image.width, image.height);
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}

/** The photo at the top left, bilinear between pixel centres, blue first, 0 to 255, as the original prepares it. */
export function letterboxed({ width, height, data }: RgbImage, size: number, ratio: number): Float32Array {
  const out = new Float32Array(3 * size * size).fill(border);
  const [across, down] = [Math.trunc(width * ratio), Math.trunc(height * ratio)];
  for (let y = 0; y < down; y++) {
    const { low: top, high: bottom, share: lower } = neighbours(y, height / down, height);
    for (let x = 0; x < across; x++) {
      const { low: left, high: right, share: further } = neighbours(x, width / across, width);
      for (let channel = 0; channel < 3; channel++) {
        const value = (row: number, column: number): number => data[(row * width + column) * 3 + channel];
        const upper = value(top, left) * (1 - further) + value(top, right) * further;
        const below = value(bottom, left) * (1 - further) + value(bottom, right) * further;
        out[(2 - channel) * size * size + y * size + x] = Math.round(upper * (1 - lower) + below * lower);
      }
    }
  }
  return out;
}

function neighbours(at: number, step: number, length: number): { low: number; high: number; share: number } {
  const place = Math.min(Math.max((at + 0.5) * step - 0.5, 0), length - 1);
  const low = Math.floor(place);
  return { low, high: Math.min(low + 1, length - 1), share: place - low };
}
