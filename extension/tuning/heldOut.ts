import { auroc } from '../evaluation/metrics';
import { objectScore } from '../pipeline/alignmentScore';
import type { ScoreForm } from '../pipeline/configuration';
import type { HeldOutFigures } from '../protocol/tuning';

/** Fewer objects outside the class list say too little. */
const fewestOutside = 20;

/** What the held-out objects score in one form of the score. */
export interface HeldOutScores {
  /** Of the ID objects. */
  known: Float64Array;
  /** Of what should score low: the outside objects, or the ID objects with their own class left out. */
  strange: Float64Array;
  against: HeldOutFigures['against'];
  /** Share of the ID objects whose best class is their own. */
  accuracy: number;
}

/**
 * @param labels of the ID objects. @param omega Ω of the ID objects, n × C. @param outside Ω of objects outside the list, m × C.
 */
export function heldOutScores(
  labels: readonly number[],
  omega: Float32Array,
  outside: Float32Array,
  form: ScoreForm,
): HeldOutScores {
  const classes = omega.length / labels.length;
  const rows = labels.map((_, row) => omega.subarray(row * classes, (row + 1) * classes));
  const scored = rows.map((row) => objectScore(row, form));
  const right = scored.filter(({ predictedClass }, row) => predictedClass === labels[row]).length;
  const outsideObjects = outside.length / classes;
  const enough = outsideObjects >= fewestOutside;
  const strange = enough
    ? Array.from({ length: outsideObjects }, (_, row) =>
        objectScore(outside.subarray(row * classes, (row + 1) * classes), form),
      )
    : rows.map((row, at) => objectScore(withoutClass(row, labels[at]), form));
  return {
    known: Float64Array.from(scored, ({ score }) => score),
    strange: Float64Array.from(strange, ({ score }) => score),
    against: enough ? 'outside' : 'ownClassLeftOut',
    accuracy: right / labels.length,
  };
}

export function heldOutFigures({ known, strange, against, accuracy }: HeldOutScores): HeldOutFigures {
  return { accuracy, separation: auroc(known, strange), against };
}

function withoutClass(row: Float32Array, label: number): Float32Array {
  return row.filter((_, c) => c !== label);
}
