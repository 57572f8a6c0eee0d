import { correlation, meanRanks } from '../../evaluation/rankCorrelation';

/** How two scans rank the same objects. Scores of two models have ranges of their own; ranks have not. */
export interface ComparedRanks {
  /** The share of the other objects that score below each, in [0, 1], those that score the same counted half; in the order given. */
  readonly percentiles: { readonly here: Float64Array; readonly there: Float64Array };
  /** Spearman's ρ; null for fewer than two objects, and where a scan scores all alike. */
  readonly rankCorrelation: number | null;
}

/** @param here, there scores of the objects that both scans hold, in the same order. */
export function compareRanks(here: ArrayLike<number>, there: ArrayLike<number>): ComparedRanks {
  const [one, other] = [meanRanks(here), meanRanks(there)];
  const others = Math.max(1, one.length - 1);
  const spearman = correlation(one, other);
  return {
    percentiles: { here: one.map((rank) => rank / others), there: other.map((rank) => rank / others) },
    rankCorrelation: Number.isNaN(spearman) ? null : spearman,
  };
}
