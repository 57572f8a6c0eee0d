import { unitMeans, type MeasuredDirections } from './unitMeans';

/** How far from the cosine of any two objects up to 1 that of alike ones lies; chosen by measuring, docs/method.md. */
export const likenessShare = 0.7;
/** No more is asked, so that near-identical objects are a group in a scan of nothing else. */
export const highestThreshold = 0.95;
/** So many objects, evenly over the scan, tell what cosine any two have. */
const sampled = 2000;

/**
 * The average cosine from which on groups are alike. Embeddings of a model share a large part, the more so the narrower what
 * was scanned, so it is counted from the mean cosine of two objects of the scan on.
 */
export function likenessThreshold(directions: MeasuredDirections, share = likenessShare): number {
  const objects = directions.values.length / directions.width;
  const count = Math.min(objects, sampled);
  if (count < 2) return highestThreshold;
  const sample = Uint32Array.from({ length: count }, (_, at) => Math.floor((at * objects) / count));
  const all = { members: sample, starts: Uint32Array.of(0, count) };
  const mean = unitMeans(directions, all, Uint32Array.of(0));
  // |mean|² is the mean over all pairs, those of an object with itself among them.
  const square = mean.reduce((sum, value) => sum + value * value, 0);
  const chance = (count * square - 1) / (count - 1);
  return Math.min(highestThreshold, chance + share * (1 - chance));
}
