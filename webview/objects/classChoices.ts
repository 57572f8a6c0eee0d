/** A class or a free name to give an object. */
export interface ClassChoice {
  readonly name: string;
  /** A name that is no class of the list: the object is out of distribution. */
  readonly isForeign: boolean;
  /** How well the object fits the class; null where that is not known. */
  readonly score: number | null;
  /** Objects that carry the free name already. */
  readonly count: number | null;
  /** Chosen by this digit alone. */
  readonly digit: number | null;
}

export interface ChoiceSection {
  readonly title: 'closest' | 'label' | 'names' | 'lately' | 'classes' | 'new';
  readonly choices: readonly ClassChoice[];
}

export interface ChoiceSources {
  readonly classes: readonly string[];
  /** In the order of `classes`, of the object that is looked at, whatever is selected beside it; empty while they are not known. */
  readonly scores: readonly number[];
  /** What the dataset calls the object. */
  readonly label: string | null;
  /** Free names given before, the most frequent first. */
  readonly names: readonly { readonly name: string; readonly count: number }[];
  readonly lately: readonly string[];
}

const closestCount = 5;
/** A new name comes after what holds the text, and before what has only its letters: “cart” is no carrot. */
const rankOfNew = 3.5;

/**
 * What can be chosen for an object. Without a text: its closest classes by digit, its label in the file, free names given
 * before, classes used lately, all classes. With one: the classes and the free names it matches and, unless it is one of them,
 * the text itself as a new name; what has the best match comes first.
 */
export function classChoices(text: string, sources: ChoiceSources): ChoiceSection[] {
  const wanted = text.trim();
  const byScore = sources.classes
    .map((name, index) => plain(name, sources.scores[index] ?? null))
    .sort((one, other) => (other.score ?? 0) - (one.score ?? 0));
  const foreign = sources.names
    .filter(({ name }) => !sources.classes.includes(name))
    .map(({ name, count }) => ({ ...plain(name, null), isForeign: true, count }));
  return wanted === '' ? offered(byScore, foreign, sources) : matching(wanted, byScore, foreign);
}

/**
 * The digit of a close class, where a text is that alone. A digit that classes or names begin with is the beginning of one.
 */
export function digitIn(text: string, { classes, scores, names }: ChoiceSources): number | null {
  const digit = text.trim();
  const isOffered = /^[1-5]$/.test(digit) && Number(digit) <= Math.min(scores.length, closestCount);
  const begins = (name: string): boolean => name.startsWith(digit);
  if (!isOffered || classes.some(begins) || names.some(({ name }) => begins(name))) return null;
  return Number(digit);
}

function offered(
  byScore: ClassChoice[],
  foreign: ClassChoice[],
  { scores, label, lately, classes }: ChoiceSources,
): ChoiceSection[] {
  const closest =
    scores.length === 0
      ? []
      : byScore.slice(0, closestCount).map((choice, index) => ({ ...choice, digit: index + 1 }));
  const shown = new Set(closest.map(({ name }) => name));
  const labelled = byScore.filter(({ name }) => name === label && !shown.has(name));
  const used = lately.flatMap((name) => byScore.filter((choice) => choice.name === name && !shown.has(name)));
  const rest =
    scores.length === 0
      ? classes.map((name) => plain(name, null))
      : byScore.filter(({ name }) => !shown.has(name));
  return sections([
    ['closest', closest],
    ['label', labelled],
    ['names', foreign],
    ['lately', used],
    ['classes', rest],
  ]);
}

function matching(wanted: string, byScore: ClassChoice[], foreign: ClassChoice[]): ChoiceSection[] {
  const found = (choices: ClassChoice[]): { choice: ClassChoice; rank: number }[] =>
    choices
      .map((choice) => ({ choice, rank: matchRank(choice.name, wanted) }))
      .filter(({ rank }) => rank < Infinity)
      .sort((one, other) => one.rank - other.rank);
  const classes = found(byScore);
  const names = found(foreign);
  const isKnown = [...classes, ...names].some(
    ({ choice }) => choice.name.toLowerCase() === wanted.toLowerCase(),
  );
  const fresh = { choice: { ...plain(wanted, null), isForeign: true }, rank: rankOfNew };
  const parts: [ChoiceSection['title'], typeof classes][] = [
    ['classes', classes],
    ['names', names],
    ['new', isKnown ? [] : [fresh]],
  ];
  const best = ([, part]: (typeof parts)[number]): number => part[0]?.rank ?? Infinity;
  return sections(
    parts
      .sort((one, other) => best(one) - best(other))
      .map(([title, part]) => [title, part.map(({ choice }) => choice)]),
  );
}

/** How well a name matches: 0 whole, 1 its beginning, 2 the beginning of a word, 3 anywhere, 4 letters in order; ∞ not at all. */
export function matchRank(name: string, wanted: string): number {
  const text = name.toLowerCase();
  const sought = wanted.toLowerCase();
  if (text === sought) return 0;
  if (text.startsWith(sought)) return 1;
  const at = text.indexOf(sought);
  if (at >= 0) return /[\s_-]/.test(text[at - 1] ?? '') ? 2 : 3;
  let from = 0;
  for (const letter of sought.replace(/\s/g, '')) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return Infinity;
  }
  return 4;
}

const plain = (name: string, score: number | null): ClassChoice => ({
  name,
  isForeign: false,
  score,
  count: null,
  digit: null,
});

function sections(all: [ChoiceSection['title'], ClassChoice[]][]): ChoiceSection[] {
  return all.filter(([, choices]) => choices.length > 0).map(([title, choices]) => ({ title, choices }));
}
