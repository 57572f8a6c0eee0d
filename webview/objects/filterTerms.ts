import { verdictCodes } from '../../extension/protocol/scan';

/** Ends included; an open end is ±∞. */
export interface ScoreRange {
  readonly least: number;
  readonly most: number;
}

/** What a filter text asks for; all of it has to hold. Strings are in lower case. */
export interface FilterTerms {
  /** Each occurs in the file path, the best class or the assigned name. */
  readonly words: readonly string[];
  /** Each occurs in the best class. */
  readonly classes: readonly string[];
  /** Folders the file has to lie in, relative to the scanned one, without a slash at the end. */
  readonly folders: readonly string[];
  /** The verdict is one of these, as codes of `verdictCodes`; empty: any. */
  readonly verdicts: readonly number[];
  readonly scores: readonly ScoreRange[];
  readonly detections: readonly ScoreRange[];
}

/** Values of `verdict:`, in the order of `verdictCodes`. */
export const verdictTerms = verdictCodes.map((verdict) => verdict ?? 'unreviewed');

/**
 * Reads a filter text: words, and terms `class:dog`, `folder:trips/2024`, `verdict:unreviewed` (or `ood`, `id`, `ignored`),
 * `score:0.1..0.3`, `detector:0.5..`. Double quotes keep blanks together: `class:"traffic light"`. A term that is being
 * typed asks for nothing yet; one that cannot be read is a word like any other.
 */
export function filterTerms(text: string): FilterTerms {
  const terms = {
    words: [] as string[],
    classes: [] as string[],
    folders: [] as string[],
    verdicts: [] as number[],
    scores: [] as ScoreRange[],
    detections: [] as ScoreRange[],
  };
  for (const piece of text.toLowerCase().match(/(?:"[^"]*"?|[^\s"])+/g) ?? []) {
    const term = piece.replaceAll('"', '');
    const [, key, value] = /^(class|folder|verdict|score|detector):(.*)$/.exec(term) ?? [];
    if (value === '') continue;
    const range = value === undefined ? null : scoreRange(value);
    const verdict = verdictTerms.findIndex((known) => known === value);
    if (key === 'class') terms.classes.push(value);
    else if (key === 'folder') terms.folders.push(value.replace(/\/+$/, ''));
    else if (key === 'verdict' && verdict >= 0) terms.verdicts.push(verdict);
    else if (key === 'score' && range) terms.scores.push(range);
    else if (key === 'detector' && range) terms.detections.push(range);
    else if (term !== '') terms.words.push(term);
  }
  return terms;
}

/** `0.1..0.3`, `0.1..`, `..0.3`; null for anything else. */
function scoreRange(text: string): ScoreRange | null {
  const ends = text.split('..');
  if (ends.length !== 2 || ends.every((end) => end === '')) return null;
  const least = ends[0] === '' ? -Infinity : Number(ends[0]);
  const most = ends[1] === '' ? Infinity : Number(ends[1]);
  return Number.isNaN(least) || Number.isNaN(most) ? null : { least, most };
}
