/** Fewer scores than this show no distribution. */
export const fewestScores = 20;
/** Fewer show no gap that could be told from chance. */
const fewestForGap = 50;
/** A gap is where the density falls below this share of the lower of the two peaks beside it. */
const gapDepth = 0.5;
/** The share that is cut off where the scores show no gap. */
export const shareWithoutGap = 0.1;

const bins = 256;

/** δ found from scores alone. */
export interface EstimatedThreshold {
  value: number;
  /** How many scores lie below it. */
  below: number;
  /** `gap`: between two groups of scores; `lowest`: below it lies a fixed share. */
  form: 'gap' | 'lowest';
}

/**
 * A first δ without labels: the gap between two groups of scores where there is one and the lower group is the smaller,
 * else the score below which a tenth lies. A gap is the least of the smoothed density between the means of the two
 * classes of Otsu's split, and less than half as high as the peaks on both its sides: Otsu's split alone, or a mixture
 * of two normals, cuts half of a folder off in which every object is in distribution (docs/method.md).
 *
 * @returns null below `fewestScores`, and where all scores are equal.
 */
export function estimateThreshold(scores: ArrayLike<number>): EstimatedThreshold | null {
  const sorted = Float64Array.from(scores).sort();
  const count = sorted.length;
  if (count < fewestScores || sorted[0] === sorted[count - 1]) return null;
  const gap = count < fewestForGap ? null : gapOf(sorted);
  const belowGap = gap === null ? count : countBelow(sorted, gap);
  if (gap !== null && belowGap <= count / 2) return { value: gap, below: belowGap, form: 'gap' };
  const value = sorted[Math.round(shareWithoutGap * count)];
  return { value, below: countBelow(sorted, value), form: 'lowest' };
}

/** The bottom of the gap between two groups; null where the density does not fall far enough. */
function gapOf(sorted: Float64Array): number | null {
  const least = sorted[0];
  const width = (sorted[sorted.length - 1] - least) / bins;
  const binOf = (value: number): number => Math.min(bins - 1, Math.floor((value - least) / width));
  const density = smoothed(sorted, binOf, bandwidth(sorted) / width);
  const [lower, upper] = otsuMeans(sorted).map(binOf);
  let bottom = lower;
  for (let bin = lower; bin <= upper; bin++) if (density[bin] < density[bottom]) bottom = bin;
  const peak = (from: number, to: number): number =>
    density.subarray(from, to).reduce((a, b) => Math.max(a, b));
  const lowerPeak = Math.min(peak(0, bottom + 1), peak(bottom, bins));
  return density[bottom] <= gapDepth * lowerPeak ? least + (bottom + 0.5) * width : null;
}

/** Means of the two classes whose split has the largest variance between them (Otsu 1979). */
function otsuMeans(sorted: Float64Array): [number, number] {
  const total = sorted.reduce((sum, score) => sum + score, 0);
  let sum = 0;
  let largest = -1;
  let means: [number, number] = [sorted[0], sorted[0]];
  for (let below = 1; below < sorted.length; below++) {
    sum += sorted[below - 1];
    const above = sorted.length - below;
    const lower = sum / below;
    const upper = (total - sum) / above;
    const between = below * above * (upper - lower) ** 2;
    if (between > largest) {
      largest = between;
      means = [lower, upper];
    }
  }
  return means;
}

/** Silverman's width of a normal kernel. */
function bandwidth(sorted: Float64Array): number {
  const count = sorted.length;
  const mean = sorted.reduce((sum, score) => sum + score, 0) / count;
  const deviation = Math.sqrt(sorted.reduce((sum, score) => sum + (score - mean) ** 2, 0) / count);
  const quartiles = sorted[Math.floor(0.75 * count)] - sorted[Math.floor(0.25 * count)];
  return 0.9 * Math.min(deviation, quartiles / 1.34 || deviation) * count ** -0.2;
}

/** Counts a bin, smoothed by a normal kernel. @param sigma in bins. */
function smoothed(sorted: Float64Array, binOf: (value: number) => number, sigma: number): Float64Array {
  const counts = new Float64Array(bins);
  for (const score of sorted) counts[binOf(score)]++;
  const reach = Math.ceil(4 * sigma);
  return counts.map((_, bin) => {
    let sum = 0;
    for (let other = Math.max(0, bin - reach); other <= Math.min(bins - 1, bin + reach); other++)
      sum += counts[other] * Math.exp(-(((other - bin) / sigma) ** 2) / 2);
    return sum;
  });
}

function countBelow(sorted: Float64Array, value: number): number {
  const first = sorted.findIndex((score) => score >= value);
  return first < 0 ? sorted.length : first;
}
