/**
 * Metrics of telling in-distribution from out-of-distribution objects. ID is the positive class and a higher score means
 * more in distribution, everywhere.
 */
export interface DetectionFigures {
  /** Area under the ROC curve, ties counted half. */
  auroc: number;
  /** Share of OOD at or above the largest threshold that keeps at least 95 % of ID. */
  fpr95: number;
  /** Average precision with ID as the positive class: Σ (recall step × precision), ties grouped. */
  auprIn: number;
  /** The same with OOD as the positive class and scores turned round. */
  auprOut: number;
}

/** A point of the ROC curve: shares of ID and OOD at or above a threshold. */
export interface RocPoint {
  threshold: number;
  truePositiveRate: number;
  falsePositiveRate: number;
}

/** The tolerance keeps .95 · 20 = 19.000000000000004 from asking for a twentieth object. */
const tolerance = 1e-9;
const keptShare = 0.95;

/** Scores of both sides in order, ready to be measured again and again with other weights. */
export class RankedScores {
  /** Places in the joined list of ID then OOD, by falling score. */
  private readonly order: Uint32Array;
  /** Where each group of equal scores ends in `order`. */
  private readonly groupEnds: Uint32Array;
  private readonly scores: Float64Array;
  private readonly idCount: number;

  /** @throws RangeError when a side is empty or a score is no number. */
  constructor(idScores: ArrayLike<number>, oodScores: ArrayLike<number>) {
    checkScores(idScores, 'ID');
    checkScores(oodScores, 'OOD');
    this.idCount = idScores.length;
    this.scores = new Float64Array(idScores.length + oodScores.length);
    this.scores.set(Float64Array.from(idScores));
    this.scores.set(Float64Array.from(oodScores), idScores.length);
    const { scores } = this;
    this.order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
    const ends: number[] = [];
    this.order.forEach((place, at) => {
      if (at + 1 === this.order.length || scores[this.order[at + 1]] !== scores[place]) ends.push(at + 1);
    });
    this.groupEnds = Uint32Array.from(ends);
  }

  /**
   * @param weights how often each object counts, ID then OOD; absent: once.
   * @returns undefined when a side has no weight.
   */
  figures(weights?: ArrayLike<number>): DetectionFigures | undefined {
    const { id, ood } = this.totals(weights);
    if (id === 0 || ood === 0) return undefined;
    const figures: DetectionFigures = { auroc: 0, fpr95: 1, auprIn: 0, auprOut: 0 };
    let idAbove = 0;
    let oodAbove = 0;
    let reached = false;
    this.eachGroup(weights, (idHere, oodHere) => {
      figures.auroc += oodHere * (idAbove + idHere / 2);
      const idLeft = id - idAbove;
      const oodLeft = ood - oodAbove;
      idAbove += idHere;
      oodAbove += oodHere;
      if (idHere > 0) figures.auprIn += (idHere * idAbove) / (idAbove + oodAbove);
      // From the lowest score up, what has been seen when this group is, is what is left before it from above.
      if (oodHere > 0) figures.auprOut += (oodHere * oodLeft) / (idLeft + oodLeft);
      if (!reached && idAbove >= keptShare * id - tolerance) {
        figures.fpr95 = oodAbove / ood;
        reached = true;
      }
    });
    figures.auroc /= id * ood;
    figures.auprIn /= id;
    figures.auprOut /= ood;
    return figures;
  }

  /** From the strictest threshold to the one that keeps everything. */
  rocCurve(): RocPoint[] {
    const { id, ood } = this.totals();
    const points: RocPoint[] = [{ threshold: Infinity, truePositiveRate: 0, falsePositiveRate: 0 }];
    let idAbove = 0;
    let oodAbove = 0;
    this.eachGroup(undefined, (idHere, oodHere, threshold) => {
      idAbove += idHere;
      oodAbove += oodHere;
      points.push({ threshold, truePositiveRate: idAbove / id, falsePositiveRate: oodAbove / ood });
    });
    return points;
  }

  private totals(weights?: ArrayLike<number>): { id: number; ood: number } {
    if (!weights) return { id: this.idCount, ood: this.scores.length - this.idCount };
    let id = 0;
    let ood = 0;
    for (let at = 0; at < this.scores.length; at++)
      if (at < this.idCount) id += weights[at];
      else ood += weights[at];
    return { id, ood };
  }

  /** Groups of equal scores, from the highest down. */
  private eachGroup(
    weights: ArrayLike<number> | undefined,
    visit: (id: number, ood: number, score: number) => void,
  ): void {
    let at = 0;
    for (const end of this.groupEnds) {
      let id = 0;
      let ood = 0;
      const score = this.scores[this.order[at]];
      for (; at < end; at++) {
        const place = this.order[at];
        const weight = weights ? weights[place] : 1;
        if (place < this.idCount) id += weight;
        else ood += weight;
      }
      visit(id, ood, score);
    }
  }
}

/** @throws RangeError when a side is empty or a score is no number. */
export function detectionFigures(
  idScores: ArrayLike<number>,
  oodScores: ArrayLike<number>,
): DetectionFigures {
  return new RankedScores(idScores, oodScores).figures()!;
}

/** AUROC by rank, ties counted half. @throws as `detectionFigures`. */
export function auroc(idScores: ArrayLike<number>, oodScores: ArrayLike<number>): number {
  return detectionFigures(idScores, oodScores).auroc;
}

function checkScores(scores: ArrayLike<number>, side: string): void {
  if (scores.length === 0) throw new RangeError(`There is no ${side} score to compare.`);
  for (let at = 0; at < scores.length; at++)
    if (Number.isNaN(scores[at])) throw new RangeError(`An ${side} score is not a number.`);
}
