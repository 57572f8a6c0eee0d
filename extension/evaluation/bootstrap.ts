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
 * Draws pictures with replacement, the same for every method and every OOD set that is asked: differences between methods
 * are then paired, and an average over sets has the spread of the ID pictures that they share.
 */
export class PictureBootstrap {
  /** How often each picture counts, a draw. */
  private readonly draws: Uint16Array[];
  private readonly place: ReadonlyMap<string, number>;

  /** @param id picture of each ID object. @param oodSets pictures of the objects of each OOD set. */
  constructor(
    private readonly id: readonly string[],
    private readonly oodSets: readonly (readonly string[])[],
    draws = usualDraws,
    seed = 1,
  ) {
    const pictures = [...new Set([...id, ...oodSets.flat()])];
    this.place = new Map(pictures.map((picture, at) => [picture, at]));
    const random = seededRandom(seed);
    this.draws = Array.from({ length: draws }, () => {
      const times = new Uint16Array(pictures.length);
      for (let k = 0; k < pictures.length; k++) times[Math.floor(random() * pictures.length)]++;
      return times;
    });
  }

  /**
   * The figures of a method in every draw; undefined where a side was not drawn.
   *
   * @param set place of the OOD set.
   */
  figures(
    set: number,
    idScores: ArrayLike<number>,
    oodScores: ArrayLike<number>,
  ): (DetectionFigures | undefined)[] {
    const ood = this.oodSets[set];
    if (idScores.length !== this.id.length || oodScores.length !== ood.length)
      throw new RangeError('scores and pictures differ in number');
    const objects = [...this.id, ...ood].map((picture) => this.place.get(picture)!);
    const ranked = new RankedScores(idScores, oodScores);
    return this.draws.map((times) => ranked.figures(Uint16Array.from(objects, (picture) => times[picture])));
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
