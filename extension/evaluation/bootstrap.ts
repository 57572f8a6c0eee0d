import { seededRandom } from '../pipeline/seededRandom';
import { RankedScores, type DetectionFigures } from './metrics';

/** A score and the picture it comes from: boxes of one picture are alike, so pictures are drawn anew, not boxes. */
export interface PictureScores {
  picture: string;
  score: number;
}

export type Interval = [number, number];
export type FigureIntervals = Record<keyof DetectionFigures, Interval>;

export const usualDraws = 500;
const coverage = 0.95;

/**
 * Draws pictures with replacement, the same for every method that is asked: differences between methods are then paired.
 */
export class PictureBootstrap {
  /** For every draw, how often each object counts, ID then OOD. */
  private readonly draws: Uint16Array[];

  constructor(
    private readonly id: readonly string[],
    private readonly ood: readonly string[],
    draws = usualDraws,
    seed = 1,
  ) {
    const pictures = [...new Set([...id, ...ood])];
    const place = new Map(pictures.map((picture, at) => [picture, at]));
    const objects = [...id, ...ood].map((picture) => place.get(picture)!);
    const random = seededRandom(seed);
    this.draws = Array.from({ length: draws }, () => {
      const times = new Uint16Array(pictures.length);
      for (let k = 0; k < pictures.length; k++) times[Math.floor(random() * pictures.length)]++;
      return Uint16Array.from(objects, (picture) => times[picture]);
    });
  }

  /** The figures of a method in every draw; undefined where a side was not drawn. */
  figures(idScores: ArrayLike<number>, oodScores: ArrayLike<number>): (DetectionFigures | undefined)[] {
    if (idScores.length !== this.id.length || oodScores.length !== this.ood.length)
      throw new RangeError('scores and pictures differ in number');
    const ranked = new RankedScores(idScores, oodScores);
    return this.draws.map((weights) => ranked.figures(weights));
  }
}

/** Central 95 % of each figure over the draws. */
export function intervalsOf(draws: readonly (DetectionFigures | undefined)[]): FigureIntervals {
  const drawn = draws.filter((figures) => figures !== undefined);
  const interval = (figure: keyof DetectionFigures): Interval =>
    centralInterval(drawn.map((figures) => figures[figure]));
  return {
    auroc: interval('auroc'),
    fpr95: interval('fpr95'),
    auprIn: interval('auprIn'),
    auprOut: interval('auprOut'),
  };
}

/** Central 95 % of how much one method's AUROC lies above another's, draw by draw. */
export function differenceInterval(
  one: readonly (DetectionFigures | undefined)[],
  other: readonly (DetectionFigures | undefined)[],
): Interval {
  return centralInterval(
    one.flatMap((figures, draw) => {
      const reference = other[draw];
      return figures && reference ? [figures.auroc - reference.auroc] : [];
    }),
  );
}

function centralInterval(values: readonly number[]): Interval {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return [at((1 - coverage) / 2), at((1 + coverage) / 2)];
}
