import { seededRandom } from '../pipeline/seededRandom';
import type { Directions } from './unitMeans';

/** A number of a normal distribution. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Directions about drawn centres, one after the other, and the centre of each; all share a large part, as embeddings of a
 * model do. @param spread 0: those of a centre are the same; 1: they are as far from it as the centres are from each other.
 */
export function drawnDirections(
  objects: number,
  centres: number,
  { width = 64, spread = 0.3, shared = 1.4, seed = 1 } = {},
): Directions & { centreOf: Uint32Array } {
  const random = seededRandom(seed);
  const draw = (): Float64Array => Float64Array.from({ length: width }, () => normal(random));
  const common = draw();
  const drawn = Array.from({ length: centres }, draw);
  const values = new Int8Array(objects * width);
  const centreOf = new Uint32Array(objects);
  for (let object = 0; object < objects; object++) {
    centreOf[object] = Math.floor(random() * centres);
    const own = draw();
    const vector = own.map((value, k) => shared * common[k] + drawn[centreOf[object]][k] + spread * value);
    const largest = Math.max(...vector.map(Math.abs));
    vector.forEach((value, k) => (values[object * width + k] = Math.round((127 * value) / largest)));
  }
  return { values, width, centreOf };
}
