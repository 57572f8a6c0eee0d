import type { ResultObject, Results } from '../../protocol/results';

type Cell = string | number | boolean | null | undefined;

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
];

/** One object a line, RFC 4180. */
export function csvTable(results: Results): string {
  const lines = [
    columns.map(([title]) => title),
    ...results.objects.map((object) => columns.map(([, cell]) => asText(cell(object)))),
  ];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function asText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  // A spreadsheet would run a name that begins like a formula.
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
