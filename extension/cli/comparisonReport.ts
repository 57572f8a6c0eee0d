import type { ComparedObject, ComparedSide, ComparisonFile } from '../protocol/comparison';
import type { ScanSummary } from '../protocol/scan';
import { scanLine, scanLines } from './scanIds';
import { counted, onOneLine } from './scanReport';

/** How many objects the report lists. */
const listed = 10;

/** The compared scans, and all of their folder. */
export interface ReportedScans {
  readonly a: ScanSummary;
  readonly b: ScanSummary;
  readonly scans: readonly ScanSummary[];
}

/** What two scans differ in, for a person at a terminal: sides of δ as a table, and the objects that moved most. */
export function comparisonReport(file: ComparisonFile, { a, b, scans }: ReportedScans): string {
  const inBoth = file.compared.filter((object) => object.a && object.b);
  const lines = [
    ...scanHeads('A', a),
    ...scanHeads('B', b),
    imagesLine(file.images),
    '',
    ...sidesTable(file),
    '',
    file.rankCorrelation === null
      ? 'Too few objects are in both for a correlation of their ranks.'
      : `Ranks of the ${counted(inBoth.length, 'object')} in both correlate by ${file.rankCorrelation.toFixed(3)}.`,
  ];
  const moved = inBoth.filter((object) => object.moved);
  if (moved.length > 0)
    lines.push(
      '',
      'Moved most, in A and in B, with the percentile of the score:',
      ...moved.slice(0, listed).map(objectLine),
    );
  if (moved.length > listed) lines.push(`  … and ${moved.length - listed} more`);
  if (scans.length > 2)
    lines.push(
      '',
      `The folder has ${scans.length} scans; --scan and --with choose others:`,
      scanLines(scans),
    );
  return `${lines.join('\n')}\n`;
}

function scanHeads(name: string, scan: ScanSummary): string[] {
  const { done, total } = scan.images;
  return [
    `${name}  ${scanLine(scan)}`,
    ...(scan.state === 'finished'
      ? []
      : [`   Not finished: ${done} of ${counted(total, 'image')}. What both hold is compared.`]),
  ];
}

function imagesLine({ compared, onlyInA, onlyInB, changed }: ComparisonFile['images']): string {
  const others = [
    onlyInA > 0 && `${onlyInA} only in A`,
    onlyInB > 0 && `${onlyInB} only in B`,
    changed > 0 && `${changed} changed between the two`,
  ].filter((part) => part !== false);
  const left = others.length > 0 ? `; left out: ${others.join(', ')}` : '';
  return `${counted(compared, 'image')} in both${left}.`;
}

function sidesTable({ objects }: ComparisonFile): string[] {
  const { onlyInA, onlyInB } = objects;
  const rows = [
    ['objects', 'flagged in B', 'kept in B', 'not in B'],
    ['flagged in A', objects.flaggedInBoth, objects.flaggedInAOnly, onlyInA.flagged],
    ['kept in A', objects.flaggedInBOnly, objects.keptInBoth, onlyInA.kept],
    ['not in A', onlyInB.flagged, onlyInB.kept, ''],
  ];
  return rows.map(([head, ...cells]) =>
    ['  ', String(head).padEnd(12), ...cells.map((cell) => String(cell).padStart(14))].join('').trimEnd(),
  );
}

/** "  flagged 0.213 (3 %) cat  |  kept 0.352 (58 %) dog  |  a.jpg  40 × 30 at 5, 2" */
function objectLine({ image, a, b }: ComparedObject): string {
  const [x, y, width, height] = (a ?? b)?.bbox.map(Math.round) ?? [];
  return `  ${sideWords(a)}  |  ${sideWords(b)}  |  ${onOneLine(image)}  ${width} × ${height} at ${x}, ${y}`;
}

function sideWords(side: ComparedSide | null): string {
  if (!side) return 'not found';
  const percentile = side.percentile === null ? '' : ` (${Math.round(100 * side.percentile)} %)`;
  return `${side.flagged ? 'flagged' : 'kept   '} ${side.score.toFixed(3)}${percentile.padEnd(8)} ${onOneLine(side.predictedClass)}`;
}
