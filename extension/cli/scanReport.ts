import { fewestCalibrationObjects, fewestClassObjects } from '../pipeline/threshold';
import { doubtfulLabels } from '../protocol/labelDisagreement';
import type { ResultObject, Results } from '../protocol/results';
import type { ScanSummary } from '../protocol/scan';

/** How many objects the report lists. */
const listed = 10;

export interface ReportContext {
  /** What was noticed of the folder, a sentence each. */
  notices: readonly string[];
  /** Whether this run asked for a δ a class: it is told then where no class has one. */
  isPerClassAsked?: boolean;
  /** Whether this run asked for a true-positive rate: it is told then where δ is not calibrated at one. */
  isRateAsked?: boolean;
}

/**
 * What a scan found, for a person at a terminal: counts, δ and its source, the device where it was not the one wanted, what was
 * noticed of the folder, the most suspicious objects, what could not be read.
 */
export function scanReport(
  results: Results,
  { threshold, images, deviceFallback }: ScanSummary,
  { notices, isPerClassAsked = false, isRateAsked = false }: ReportContext,
): string {
  const flagged = results.objects.filter((object) => object.flagged).sort((a, b) => a.score - b.score);
  const own = results.threshold.classes ?? [];
  const placeOf = placeIn(results);
  const lines = [
    `${counted(results.objects.length, 'object')} in ${counted(images.total - images.unreadable, 'image')}; ${flagged.length} ${flagged.length === 1 ? 'does' : 'do'} not fit the ${counted(results.classes.length, 'class', 'classes')} (score below δ${own.length > 0 ? ' of its class; common δ' : ''} ${threshold.value.toFixed(3)}).`,
    `δ: ${threshold.origin}${threshold.warning ? ` ${threshold.warning}` : ''}`,
    ...(deviceFallback === null ? [] : [deviceFallback]),
    ...notices.map(onOneLine),
    ...own.map(
      ({ class: name, value, objects }) =>
        `  ${onOneLine(name)}: ${value.toFixed(3)} (${counted(objects, 'calibration object')})`,
    ),
  ];
  if (isPerClassAsked && own.length === 0)
    lines.push(
      `No class has a threshold of its own: that takes ${fewestClassObjects} annotated objects of your classes with the same closest class.`,
    );
  if (isRateAsked && threshold.calibratedAt === undefined)
    lines.push(
      `No true-positive rate is in force: that takes ${fewestCalibrationObjects} annotated objects of your classes.`,
    );
  if (flagged.length > 0) lines.push('', 'Most suspicious:', ...table(flagged.slice(0, listed), placeOf));
  if (flagged.length > listed) lines.push(`  … and ${flagged.length - listed} more`);
  lines.push(...doubtfulLabelLines(results.objects, placeOf));
  if (results.unreadable.length > 0)
    lines.push(
      '',
      'Could not be read:',
      ...results.unreadable.map(({ file, reason }) => `  ${onOneLine(file)}: ${reason}`),
    );
  if (results.leftOut.length > 0)
    lines.push(
      '',
      'Annotations left out:',
      ...results.leftOut.map(({ file, reason }) => `  ${onOneLine(file)}: ${reason}`),
    );
  return `${lines.join('\n')}\n`;
}

/** Labels of the dataset that another class outscores: by how much, label, that class, and where. Nothing where there is none. */
function doubtfulLabelLines(objects: readonly ResultObject[], placeOf: PlaceOf): string[] {
  const doubtful = doubtfulLabels(objects);
  if (doubtful.length === 0) return [];
  const lines = doubtful.slice(0, listed).map((object) => {
    const { disagreement, label, predictedClass } = object;
    return `  ${disagreement.toFixed(3)}  ${onOneLine(label)}, closest: ${onOneLine(predictedClass)}  ${placeOf(object)}`;
  });
  if (doubtful.length > listed) lines.push(`  … and ${doubtful.length - listed} more`);
  return ['', 'Most doubtful labels:', ...lines];
}

/** "1 object", "2 objects". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** File names may hold line breaks and terminal commands. */
export function onOneLine(name: string): string {
  return name.replace(
    /\p{Cc}/gu,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** Photo and box of an object, in words. */
type PlaceOf = (object: ResultObject) => string;

function placeIn({ images }: Results): PlaceOf {
  const sizes = new Map(images.map(({ file, width, height }) => [file, [width, height]]));
  return ({ image, bbox }) => {
    const [x, y, width, height] = bbox.map(Math.round);
    const size = sizes.get(image);
    const isWhole = x === 0 && y === 0 && width === size?.[0] && height === size[1];
    return `${onOneLine(image)}  ${isWhole ? 'the whole photo' : `${width} × ${height} at ${x}, ${y}`}`;
  };
}

function table(objects: readonly ResultObject[], placeOf: PlaceOf): string[] {
  const closest = Math.max(...objects.map(({ predictedClass }) => predictedClass.length));
  return objects.map(
    (object) =>
      `  ${object.score.toFixed(3)}  closest: ${object.predictedClass.padEnd(closest)}  ${placeOf(object)}`,
  );
}
