import type { InferenceSession } from 'onnxruntime-node';
import type { RgbImage } from '../../pipeline/image';
import { resizeBicubic } from '../preprocessing/bicubic';
import { openOwnModel } from '../ownGraph';
import { float32Output, float32Tensor, type SessionOptions } from '../session';
import type { Detection, DetectionOptions, Detector } from './detector';
import { keepDetections } from './nonMaximumSuppression';

/** Heat maps and box edges are given on a grid of this many input pixels a cell. */
const stride = 4;

/** The two outputs of a CenterNet on its grid. */
export interface CenterNetOutput {
  /** Class heat maps after a sigmoid, classes × rows × columns. */
  heat: Float32Array;
  /** Distances in input pixels from (4·column, 4·row) to the left, top, right and bottom edge, 4 × rows × columns. */
  edges: Float32Array;
  rows: number;
  columns: number;
}

/**
 * Peaks of the strongest class at every cell: cells that no neighbour of the eight exceeds, at `scoreThreshold` or more.
 * Boxes in pixels of the network's input.
 */
export function centerNetPeaks(
  { heat, edges, rows, columns }: CenterNetOutput,
  scoreThreshold: number,
): Detection[] {
  const cells = rows * columns;
  const strongest = heat.slice(0, cells);
  for (let start = cells; start < heat.length; start += cells)
    for (let cell = 0; cell < cells; cell++)
      if (heat[start + cell] > strongest[cell]) strongest[cell] = heat[start + cell];
  const peaks: Detection[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      if (strongest[cell] < scoreThreshold || !isPeak(strongest, row, column, rows, columns)) continue;
      const [left, top, right, bottom] = [0, 1, 2, 3].map((edge) => edges[edge * cells + cell]);
      const box = {
        x: stride * column - left,
        y: stride * row - top,
        width: left + right,
        height: top + bottom,
      };
      peaks.push({ box, score: strongest[cell] });
    }
  return peaks;
}

function isPeak(map: Float32Array, row: number, column: number, rows: number, columns: number): boolean {
  const value = map[row * columns + column];
  for (let y = Math.max(row - 1, 0); y <= Math.min(row + 1, rows - 1); y++)
    for (let x = Math.max(column - 1, 0); x <= Math.min(column + 1, columns - 1); x++)
      if (map[y * columns + x] > value) return false;
  return true;
}

/** A CenterNet (Zhou et al. 2019) used as a detector of things of any kind. */
export class CenterNetDetector implements Detector {
  private constructor(
    private readonly session: InferenceSession,
    private readonly inputSize: number,
  ) {}

  /** @param inputSize side of the square input in pixels. @throws Error when the file does not open or has other outputs. */
  static async load(
    model: Uint8Array,
    inputSize: number,
    options: SessionOptions,
  ): Promise<CenterNetDetector> {
    const session = await openOwnModel(model, options);
    for (const name of ['keypoints', 'wh'])
      if (!session.outputNames.includes(name))
        throw new Error(`it has no output ${name}, so it is not a CenterNet detector`);
    return new CenterNetDetector(session, inputSize);
  }

  async detect(image: RgbImage, options: DetectionOptions): Promise<Detection[]> {
    const size = this.inputSize;
    const { data } = resizeBicubic(image, size, size);
    const pixels = new Float32Array(3 * size * size);
    for (let at = 0; at < size * size; at++)
      for (let channel = 0; channel < 3; channel++)
        pixels[channel * size * size + at] = data[at * 3 + channel];
    const outputs = await this.session.run({ images: float32Tensor(pixels, [1, 3, size, size]) }, [
      'keypoints',
      'wh',
    ]);
    const heat = float32Output(outputs, 'keypoints');
    const [rows, columns] = heat.dims.slice(-2);
    const peaks = centerNetPeaks(
      { heat: heat.data, edges: float32Output(outputs, 'wh').data, rows, columns },
      options.scoreThreshold,
    );
    const [across, down] = [image.width / size, image.height / size];
    const detections = peaks.map(({ box, score }) => ({
      box: { x: box.x * across, y: box.y * down, width: box.width * across, height: box.height * down },
      score,
    }));
    return keepDetections(detections, options, image.width, image.height);
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}
