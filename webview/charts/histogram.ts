import { countBelow } from '../objects/scoreIndex';
import type { ScoreAxis } from './scoreAxis';

/** Room of the drawing in CSS pixels: bars stand on `baseline`, the strip of the axis is below it. */
export interface HistogramFrame {
  readonly width: number;
  readonly height: number;
}

export const binCount = 52;
/** Below so many objects each is drawn by itself. */
export const fewestForBars = 20;
export const axisStripHeight = 20;
const sideMargin = 9;
const topMargin = 10;
const gap = 1;

/** Which x a score has and back. Scores outside the axis share one bin's width at either end. */
export interface HistogramScale {
  readonly binWidth: number;
  readonly baseline: number;
  readonly left: number;
  readonly right: number;
  toX(score: number): number;
  toScore(x: number): number;
}

export function histogramScale(axis: ScoreAxis, frame: HistogramFrame): HistogramScale {
  const binWidth = Math.max(1, (frame.width - 2 * sideMargin) / (binCount + 2));
  const knots: [score: number, x: number][] = [
    [axis.minimum, sideMargin],
    [axis.low, sideMargin + binWidth],
    [axis.high, frame.width - sideMargin - binWidth],
    [axis.maximum, frame.width - sideMargin],
  ];
  return {
    binWidth,
    baseline: frame.height - axisStripHeight,
    left: sideMargin,
    right: frame.width - sideMargin,
    toX: (score) => alongKnots(knots, score),
    toScore: (x) =>
      alongKnots(
        knots.map(([score, place]) => [place, score]),
        x,
      ),
  };
}

/** The bars as two SVG paths: all objects, and the reviewed share of each bar; and the two end bins that are hatched. */
export interface HistogramBars {
  readonly all: string;
  readonly reviewed: string;
  readonly ends: string;
  /** Set instead of bars when there are fewer than twenty objects. */
  readonly dots: readonly { x: number; y: number }[];
}

/**
 * @param scores ascending
 * @param reviewed scores of the objects that carry a verdict, ascending
 */
export function histogramBars(
  scores: ArrayLike<number>,
  reviewed: ArrayLike<number>,
  axis: ScoreAxis,
  frame: HistogramFrame,
): HistogramBars {
  const scale = histogramScale(axis, frame);
  if (scores.length < fewestForBars) return { all: '', reviewed: '', ends: '', dots: dotsOf(scores, scale) };
  const counts = binCounts(scores, axis);
  const reviewedCounts = binCounts(reviewed, axis);
  const tallest = Math.max(...counts);
  const room = scale.baseline - topMargin;
  let all = '';
  let solid = '';
  let ends = '';
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const height = room * Math.sqrt(count / tallest);
    const x = scale.left + bin * scale.binWidth;
    const bar = (barHeight: number): string => barPath(x, scale.baseline, scale.binWidth - gap, barHeight);
    all += bar(height);
    if (bin === 0 || bin === binCount + 1) ends += bar(height);
    if (reviewedCounts[bin] > 0) solid += bar((height * reviewedCounts[bin]) / count);
  });
  return { all, reviewed: solid, ends, dots: [] };
}

/** The step line of the calibration objects, on a height of its own; empty without any. */
export function calibrationLine(scores: ArrayLike<number>, axis: ScoreAxis, frame: HistogramFrame): string {
  if (scores.length === 0) return '';
  const scale = histogramScale(axis, frame);
  const counts = binCounts(scores, axis).slice(1, -1);
  const tallest = Math.max(...counts);
  if (tallest === 0) return '';
  const room = scale.baseline - topMargin;
  let path = '';
  let drawing = false;
  counts.forEach((count, bin) => {
    const x = scale.left + (bin + 1) * scale.binWidth;
    const y = scale.baseline - 0.96 * room * Math.sqrt(count / tallest);
    if (count > 0) {
      path += drawing ? `V${y.toFixed(1)}` : `M${x.toFixed(1)} ${scale.baseline}V${y.toFixed(1)}`;
      path += `H${(x + scale.binWidth).toFixed(1)}`;
    } else if (drawing) path += `V${scale.baseline}`;
    drawing = count > 0;
  });
  return drawing ? `${path}V${scale.baseline}` : path;
}

/** Counts below the axis, in each of its 52 bins, and above it. */
export function binCounts(scores: ArrayLike<number>, axis: ScoreAxis): number[] {
  const edges = Array.from(
    { length: binCount + 1 },
    (_, edge) => axis.low + (edge * (axis.high - axis.low)) / binCount,
  );
  const below = [0, ...edges.map((edge) => countBelow(scores, edge)), scores.length];
  return below.slice(1).map((count, bin) => count - below[bin]);
}

function dotsOf(scores: ArrayLike<number>, scale: HistogramScale): { x: number; y: number }[] {
  return Array.from(scores, (score) => ({ x: scale.toX(score), y: scale.baseline - 8 }));
}

function barPath(x: number, baseline: number, width: number, height: number): string {
  const top = baseline - height;
  return `M${x.toFixed(1)} ${baseline}V${top.toFixed(1)}h${width.toFixed(1)}V${baseline}z`;
}

/** Piecewise linear through ascending knots; beyond them the ends. */
function alongKnots(knots: [number, number][], at: number): number {
  const last = knots[knots.length - 1];
  if (at <= knots[0][0]) return knots[0][1];
  if (at >= last[0]) return last[1];
  const next = knots.findIndex(([from]) => from > at);
  const [from, start] = knots[next - 1];
  const [to, end] = knots[next];
  return start + ((at - from) / (to - from)) * (end - start);
}
