import { csvText, type Cell } from '../../protocol/csvText';
import type { ResultObject, Results } from '../../protocol/results';

const columns: [title: string, cell: (object: ResultObject) => Cell][] = [
  ['id', ({ id }) => id],
  ['image', ({ image }) => image],
  ['x', ({ bbox }) => bbox[0]],
  ['y', ({ bbox }) => bbox[1]],
  ['width', ({ bbox }) => bbox[2]],
  ['height', ({ bbox }) => bbox[3]],
  ['score', ({ score }) => score],
  ['flagged', ({ flagged }) => flagged],
  ['predictedClass', ({ predictedClass }) => predictedClass],
  ['label', ({ label }) => label],
  ['detectionScore', ({ detectionScore }) => detectionScore],
  ['verdict', ({ decision }) => decision?.verdict],
  ['verdictClass', ({ decision }) => decision?.class],
  ['verdictAt', ({ decision }) => decision?.at],
  ['mcm', ({ baselines }) => baselines.mcm],
  ['maxCosine', ({ baselines }) => baselines.maxCosine],
  ['glMcm', ({ baselines }) => baselines.glMcm],
  ['runa', ({ baselines }) => baselines.runa],
  ['disagreement', ({ disagreement }) => disagreement],
  ['threshold', ({ threshold }) => threshold],
];

/** One object a line. */
export function csvTable(results: Results): string {
  return csvText([
    columns.map(([title]) => title),
    ...results.objects.map((object) => columns.map(([, cell]) => cell(object))),
  ]);
}
