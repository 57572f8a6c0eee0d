import { csvText, type Cell } from '../../protocol/csvText';
import type { EvaluationReport } from '../../protocol/evaluation';

const figures = ['auroc', 'fpr95', 'auprIn', 'auprOut'] as const;

/** One method and OOD set a line, figures as shares of 1 with their intervals; the set "average" is the mean of the sets. */
export function csvReport({ comparison }: EvaluationReport): string {
  const titles: Cell[] = [
    'method',
    'group',
    'seeds',
    'set',
    ...figures.flatMap((name) => [name, `${name}Deviation`, `${name}Low`, `${name}High`]),
    'bestClassRight',
    'comparedWith',
    'aurocDifference',
    'aurocDifferenceLow',
    'aurocDifferenceHigh',
  ];
  const rows = comparison.methods.flatMap(({ method, seeds, accuracy, sets, average }) =>
    [...sets, average].map((set, at): Cell[] => [
      method.id,
      method.group,
      seeds,
      comparison.oodSets[at]?.name ?? 'average',
      ...figures.flatMap((name) => [
        set.figures[name].mean,
        set.figures[name].deviation,
        ...set.intervals[name],
      ]),
      accuracy?.mean,
      set.difference?.to,
      set.difference?.mean,
      ...(set.difference?.interval ?? [null, null]),
    ]),
  );
  return csvText([titles, ...rows]);
}
