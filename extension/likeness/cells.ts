import type { MatrixProducts } from '../pipeline/matrixProducts';
import { seededRandom } from '../pipeline/seededRandom';
import { argmax, unitRows } from '../pipeline/vectors';

/** How the vectors of some of the items are had, items × width: they are made when they are needed, to be held in no memory. */
export type VectorsOf = (items: Uint32Array) => Float32Array;

export interface Work {
  /** A·Bᵀ; `MatrixProducts`. */
  products: MatrixProducts['transposed'];
  /** Between two pieces of the work, of some ten milliseconds each. */
  pause: () => Promise<void>;
}

/** How full cells would be if all were alike: some get more than others. */
const usualShare = 0.5;
/** Times that cells are moved to the middle of their items, and how many items a cell are looked at for that. */
const moves = 2;
const itemsForMoves = 64;
/** A cell of more of the items is not parted by parting again. */
const mostlyAll = 0.9;
/** Items whose vectors are looked at in one go. */
const block = 1024;

/**
 * Parts items into cells of at most `most`, those that point in similar directions together: spherical k-means, and again
 * within cells that are still too large. Those that can hardly be told apart are cut in the order they come.
 *
 * @param seed where the cells begin; another gives other borders.
 */
export async function cellsOf(
  items: Uint32Array,
  vectorsOf: VectorsOf,
  width: number,
  most: number,
  seed: number,
  work: Work,
): Promise<Uint32Array[]> {
  if (items.length <= most) return [items];
  const count = Math.ceil(items.length / (usualShare * most));
  const random = seededRandom(seed);
  const step = items.length / count;
  const drawn = (each: number): Uint32Array =>
    Uint32Array.from({ length: count * each }, (_, at) => items[Math.floor(((at + random()) / each) * step)]);
  let centres = unitRows(vectorsOf(drawn(1)), width);
  const sample = drawn(itemsForMoves);
  for (let move = 0; move < moves; move++) {
    const sums = new Float32Array(centres.length);
    await assign(sample, vectorsOf, centres, width, work, sums);
    centres = unitRows(sums, width);
  }
  const cells = partedBy(items, await assign(items, vectorsOf, centres, width, work), count);
  const parted: Uint32Array[] = [];
  for (const cell of cells) {
    if (cell.length > mostlyAll * items.length)
      for (let at = 0; at < cell.length; at += most) parted.push(cell.subarray(at, at + most));
    else if (cell.length > 0) parted.push(...(await cellsOf(cell, vectorsOf, width, most, seed, work)));
  }
  return parted;
}

/** Of each item the centre it is nearest to. @param sums where the items of each centre are added up. */
async function assign(
  items: Uint32Array,
  vectorsOf: VectorsOf,
  centres: Float32Array,
  width: number,
  { products, pause }: Work,
  sums?: Float32Array,
): Promise<Uint32Array> {
  const count = centres.length / width;
  const nearest = new Uint32Array(items.length);
  for (let start = 0; start < items.length; start += block) {
    const vectors = vectorsOf(items.subarray(start, start + block));
    // Of a vector and unit centres: how long it is makes no difference.
    const cosines = await products(vectors, centres, width);
    for (let at = 0; at < vectors.length / width; at++) {
      const centre = argmax(cosines.subarray(at * count, (at + 1) * count));
      nearest[start + at] = centre;
      if (sums) for (let k = 0; k < width; k++) sums[centre * width + k] += vectors[at * width + k];
    }
    await pause();
  }
  return nearest;
}

function partedBy(items: Uint32Array, parts: Uint32Array, count: number): Uint32Array[] {
  const lists = Array.from({ length: count }, (): number[] => []);
  items.forEach((item, at) => lists[parts[at]].push(item));
  return lists.map((list) => Uint32Array.from(list));
}
