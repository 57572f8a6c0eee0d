import { phrase } from '../../extension/protocol/localisation';
import { t } from './localise';

/** No-break space: a number and its sign stay on one line. */
const nbsp = '\u00a0';

/** A score, three decimals, with a true minus sign. */
export function formatScore(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3).replace('-', '−') : '–';
}

/** A count with the locale's thousands separators. */
export function formatCount(value: number): string {
  return value.toLocaleString();
}

/** What is counted: one of it, and any other number. */
const nouns = {
  object: [phrase('1 object'), phrase('{0} objects')],
  photo: [phrase('1 photo'), phrase('{0} photos')],
  other: [phrase('1 other'), phrase('{0} others')],
} as const;

/** A count and its noun: “1 object”, “1,203 objects”. */
export function countOf(count: number, noun: keyof typeof nouns): string {
  const [one, many] = nouns[noun];
  return count === 1 ? t(one) : t(many, formatCount(count));
}

/** A share in [0, 1] as “12.5 %”. */
export function formatPercent(share: number, decimals = 0): string {
  return `${(100 * share).toFixed(decimals)}${nbsp}%`;
}

/** A multiple: “6.2×”, “14×”. */
export function formatTimes(value: number): string {
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(1)}×`;
}

/** A rank among all objects, 0 to 100: “4”, “<1”. */
export function formatPercentile(share: number): string {
  const percent = 100 * share;
  return percent < 1 ? '<1' : percent.toFixed(0);
}

/** What a person typed as a threshold: decimal point or comma; null when it is no number. */
export function parseThreshold(text: string): number | null {
  const cleaned = text.trim().replace('−', '-').replace(',', '.');
  const value = Number(cleaned);
  return cleaned !== '' && Number.isFinite(value) ? value : null;
}
