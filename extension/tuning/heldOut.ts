import { auroc } from '../evaluation/metrics';
import { objectScore } from '../pipeline/alignmentScore';
import type { ScoreForm } from '../pipeline/configuration';
import type { HeldOutFigures } from '../protocol/tuning';

/** Fewer objects outside the class list say too little. */
const fewestOutside = 20;

/**
 * @param labels of the ID objects. @param omega Ω of the ID objects, n × C. @param outside Ω of objects outside the list, m × C.
 */
export function heldOutFigures(
  labels: readonly number[],
  omega: Float32Array,
  outside: Float32Array,
  form: ScoreForm,
): HeldOutFigures {
  const classes = omega.length / labels.length;
  const rows = labels.map((_, row) => omega.subarray(row * classes, (row + 1) * classes));
  const scored = rows.map((row) => objectScore(row, form));
  const right = scored.filter(({ predictedClass }, row) => predictedClass === labels[row]).length;
  const outsideObjects = outside.length / classes;
  const enough = outsideObjects >= fewestOutside;
  const low = enough
    ? Array.from({ length: outsideObjects }, (_, row) =>
        objectScore(outside.subarray(row * classes, (row + 1) * classes), form),
      )
    : rows.map((row, at) => objectScore(withoutClass(row, labels[at]), form));
  return {
    accuracy: right / labels.length,
    separation: auroc(
      scored.map(({ score }) => score),
      low.map(({ score }) => score),
    ),
    against: enough ? 'outside' : 'ownClassLeftOut',
  };
}

function withoutClass(row: Float32Array, label: number): Float32Array {
  return row.filter((_, c) => c !== label);
}
