import { phrase } from '../../extension/protocol/localisation';
import type { ObjectMaps } from '../../extension/protocol/scan';
import { t } from '../words/localise';
import { formatPercent, formatTimes } from '../words/numbers';
import type { DrawnMapKind } from './colourMaps';
import type { ValueGrid } from './interpolate';

/** One of the two pictures a map lies on: the object itself, or the photo around it. */
export type MapGround = 'object' | 'background';

/** A map ready to be drawn: values as shares of the scale end, and the words of its legend. */
export interface PreparedMap {
  readonly grid: ValueGrid;
  /** The largest patch value in the units of the legend; what 1 in `grid` stands for. */
  readonly scaleEnd: number;
  readonly lowest: string;
  readonly highest: string;
  /** What the scale measures. */
  readonly measure: string;
  /** [CLS] is not a place in the picture, so its value stands beside the legend. */
  readonly cls: string;
}

export interface MissingMap {
  /** Why there is no map here: “no background”. */
  readonly missing: string;
}

/**
 * The map of `kind` over `ground` for the class the object is closest to.
 * Attention is shown as β · (N + 1), combined as ω · (N + 1) / Σω: 1 is an even share. Alignment is the cosine μ.
 */
export function prepareMap(
  maps: ObjectMaps,
  kind: DrawnMapKind,
  ground: MapGround,
  className: string,
): PreparedMap | MissingMap {
  if (ground === 'background' && maps.betaInter === null) return { missing: t('no background') };
  const tokens = tokenValues(maps, kind, ground);
  if (tokens === null) return { missing: t('no other object') };
  const total = tokens.reduce((sum, value) => sum + value, 0);
  const even = kind === 'alignment' || total <= 0 ? 1 : tokens.length / total;
  const patches = Float32Array.from(tokens.slice(1), (value) => value * even);
  const scaleEnd = patches.reduce((largest, value) => Math.max(largest, value), 0);
  const [rows, columns] = maps.grid;
  const values = scaleEnd > 0 ? patches.map((value) => value / scaleEnd) : patches;
  const clsValue = tokens[0] ?? 0;
  return {
    grid: { rows, columns, values },
    scaleEnd,
    lowest: kind === 'alignment' ? '0.00' : '0',
    highest: kind === 'alignment' ? scaleEnd.toFixed(2) : formatTimes(scaleEnd),
    measure: measureWords(kind, ground, className),
    cls: kind === 'alignment' ? clsValue.toFixed(2) : formatPercent(total > 0 ? clsValue / total : 0),
  };
}

function tokenValues(maps: ObjectMaps, kind: DrawnMapKind, ground: MapGround): number[] | null {
  if (ground === 'object')
    return { attention: maps.betaIntra, alignment: maps.muTarget, combined: maps.omegaTarget }[kind];
  return { attention: maps.betaInter, alignment: maps.muBackground, combined: maps.omegaBackground }[kind];
}

function measureWords(kind: DrawnMapKind, ground: MapGround, className: string): string {
  if (kind === 'attention') return t('an even share');
  if (kind === 'combined') return t('attention × alignment');
  return ground === 'object'
    ? t('cosine with “{0}”', className)
    : t('cosine with the context of “{0}”', className);
}

/** The nine parts of a picture, row by row. */
const placeWords = [
  [phrase('top left'), phrase('top centre'), phrase('top right')],
  [phrase('centre left'), phrase('centre'), phrase('centre right')],
  [phrase('bottom left'), phrase('bottom centre'), phrase('bottom right')],
];

/** Where a map is highest, in words: “centre left”. */
export function highestPlace(grid: ValueGrid): string {
  let best = 0;
  for (let index = 1; index < grid.values.length; index++)
    if ((grid.values[index] ?? 0) > (grid.values[best] ?? 0)) best = index;
  const third = (index: number, count: number): number =>
    Math.min(2, Math.floor((3 * (index + 0.5)) / count));
  const row = third(Math.floor(best / grid.columns), grid.rows);
  const column = third(best % grid.columns, grid.columns);
  return t(placeWords[row][column]);
}
