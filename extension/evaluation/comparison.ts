import {
  differenceInterval,
  intervalsOf,
  PictureBootstrap,
  type FigureIntervals,
  type Interval,
} from './bootstrap';
import { RankedScores, type DetectionFigures } from './metrics';

/** A way of scoring objects. `seeds` > 1: it was tuned again with other shots. */
export interface Method {
  id: string;
  name: string;
  group: 'baseline' | 'trainingFree' | 'tuned' | 'ablation';
  /** Id of the method it is compared with; absent: the best baseline. */
  reference?: string;
}

/** The objects of one side of a comparison, and what every method gives them. */
export interface ScoredSet {
  name: string;
  /** The picture of each object. */
  pictures: readonly string[];
  /** By method id: scores of all objects, one list a seed. */
  scores: ReadonlyMap<string, readonly Float64Array[]>;
}

/** A figure over seeds: its mean, and its standard deviation where there is more than one. */
export interface Spread {
  mean: number;
  deviation: number | null;
}

export interface SetComparison {
  figures: Record<keyof DetectionFigures, Spread>;
  /** 95 %, bootstrap over pictures. */
  intervals: FigureIntervals;
  /** AUROC less that of the reference method, paired; null for the reference itself. */
  difference: { to: string; mean: number; interval: Interval } | null;
}

export interface MethodComparison {
  method: Method;
  seeds: number;
  /** Share of ID objects whose best class is their own; null where a method names no class. */
  accuracy: Spread | null;
  /** One entry an OOD set. */
  sets: SetComparison[];
  /** Over the OOD sets; the only one, where there is one. */
  average: SetComparison;
}

export interface Comparison {
  methods: MethodComparison[];
  idObjects: number;
  oodSets: { name: string; objects: number; pictures: number }[];
}

type Draws = (DetectionFigures | undefined)[];
/** Figures of one method on one set: by seed, and over the draws with the mean of the seeds. */
interface Measured {
  bySeed: DetectionFigures[];
  draws: Draws;
}

/**
 * Measures every method on every OOD set against the same ID set, and compares it with its reference.
 *
 * @param accuracies by method id, one a seed.
 * @throws RangeError when a side is empty or a score is no number.
 */
export function compareMethods(
  methods: readonly Method[],
  id: ScoredSet,
  oodSets: readonly ScoredSet[],
  accuracies: ReadonlyMap<string, readonly number[]>,
  draws?: number,
): Comparison {
  const bootstrap = new PictureBootstrap(
    id.pictures,
    oodSets.map(({ pictures }) => pictures),
    draws,
  );
  const measured = new Map(
    methods.map((method) => {
      const sets = oodSets.map((ood, at) => measure(method, id, ood, at, bootstrap));
      return [method.id, { sets, average: averageOf(sets) }] as const;
    }),
  );
  const auroc = (name: string): number => mean(measured.get(name)!.average.bySeed.map((one) => one.auroc));
  const bestBaseline = methods
    .filter(({ group }) => group === 'baseline')
    .sort((one, other) => auroc(other.id) - auroc(one.id))
    .at(0)?.id;
  return {
    idObjects: id.pictures.length,
    oodSets: oodSets.map(({ name, pictures }) => ({
      name,
      objects: pictures.length,
      pictures: new Set(pictures).size,
    })),
    methods: methods.map((method) => {
      const own = measured.get(method.id)!;
      const reference = method.reference ?? bestBaseline;
      const to = reference === method.id ? undefined : reference;
      const compared = (one: Measured, other: Measured | undefined): SetComparison => ({
        figures: spreadOfFigures(one.bySeed),
        intervals: intervalsOf(one.draws),
        difference:
          to && other
            ? {
                to,
                mean: mean(one.bySeed.map((f) => f.auroc)) - mean(other.bySeed.map((f) => f.auroc)),
                interval: differenceInterval(one.draws, other.draws),
              }
            : null,
      });
      const other = to === undefined ? undefined : measured.get(to);
      const accuracy = accuracies.get(method.id);
      return {
        method,
        seeds: own.average.bySeed.length,
        accuracy: accuracy ? spread(accuracy) : null,
        sets: own.sets.map((one, at) => compared(one, other?.sets[at])),
        average: compared(own.average, other?.average),
      };
    }),
  };
}

function measure(
  method: Method,
  id: ScoredSet,
  ood: ScoredSet,
  set: number,
  bootstrap: PictureBootstrap,
): Measured {
  const idScores = id.scores.get(method.id) ?? [];
  const oodScores = ood.scores.get(method.id) ?? [];
  const bySeed = idScores.map((scores, seed) => new RankedScores(scores, oodScores[seed]).figures()!);
  const drawsBySeed = idScores.map((scores, seed) => bootstrap.figures(set, scores, oodScores[seed]));
  return { bySeed, draws: drawsBySeed[0].map((_, draw) => meanFigures(drawsBySeed.map((one) => one[draw]))) };
}

function averageOf(sets: readonly Measured[]): Measured {
  const [first] = sets;
  return {
    bySeed: first.bySeed.map((_, seed) => meanFigures(sets.map(({ bySeed }) => bySeed[seed]))!),
    draws: first.draws.map((_, draw) => meanFigures(sets.map(({ draws }) => draws[draw]))),
  };
}

const figureNames = ['auroc', 'fpr95', 'auprIn', 'auprOut'] as const;

/** Undefined where one of them is. */
function meanFigures(all: readonly (DetectionFigures | undefined)[]): DetectionFigures | undefined {
  const present = all.filter((figures) => figures !== undefined);
  if (present.length < all.length) return undefined;
  return everyFigure((name) => mean(present.map((figures) => figures[name])));
}

function spreadOfFigures(bySeed: readonly DetectionFigures[]): Record<keyof DetectionFigures, Spread> {
  return everyFigure((name) => spread(bySeed.map((figures) => figures[name])));
}

function everyFigure<T>(of: (name: keyof DetectionFigures) => T): Record<keyof DetectionFigures, T> {
  return Object.fromEntries(figureNames.map((name) => [name, of(name)])) as Record<keyof DetectionFigures, T>;
}

function spread(values: readonly number[]): Spread {
  const middle = mean(values);
  if (values.length < 2) return { mean: middle, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return { mean: middle, deviation: Math.sqrt(squares / (values.length - 1)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
