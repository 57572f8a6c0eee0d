import { averageLinkage } from './averageLinkage';
import { cellsOf, type Work } from './cells';
import { likenessShare, likenessThreshold } from './likenessThreshold';
import { groupedBy, singles } from './membership';
import { representatives } from './representatives';
import { measured, unitMeans, type Directions } from './unitMeans';

/** Groups of a cell, whose similarities are held at once. */
export const largestCell = 1024;
/** Times that what is in different cells is given the chance to meet, where there are more objects than fit in one. */
const rounds = 3;

/**
 * Groups of objects that look alike: average linkage of the cosines of their embeddings, down to `likenessThreshold`. Exact
 * up to `largestCell` objects. Of more, only what lies in the same cell is compared, and then again the groups so far in
 * cells with other borders. The same directions give the same groups.
 *
 * @returns of each object the number of the one that stands for its group: the most typical of it.
 */
export async function alikeGroups(
  { values, width }: Directions,
  work: Work,
  share = likenessShare,
): Promise<Uint32Array> {
  const objects = values.length / width;
  if (objects === 0) return new Uint32Array();
  const directions = measured({ values, width });
  const threshold = likenessThreshold(directions, share);
  let membership = singles(objects);
  for (let round = 0; round < (objects > largestCell ? rounds : 1); round++) {
    const groups = membership.starts.length - 1;
    const vectorsOf = (items: Uint32Array): Float32Array => unitMeans(directions, membership, items);
    const joined = Uint32Array.from({ length: groups }, (_, group) => group);
    for (const cell of await cellsOf(joined.slice(), vectorsOf, width, largestCell, round + 1, work)) {
      const means = vectorsOf(cell);
      const similarities = await work.products(means, means, width);
      const sizes = cell.map((group) => membership.starts[group + 1] - membership.starts[group]);
      averageLinkage(similarities, sizes, threshold).forEach((first, at) => (joined[cell[at]] = cell[first]));
      await work.pause();
    }
    membership = groupedBy(membership, joined);
  }
  return representatives(directions, membership);
}
