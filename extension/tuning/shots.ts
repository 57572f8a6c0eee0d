import { seededRandom, shuffled } from '../pipeline/seededRandom';

/** A labelled object of the folder, before any picture is read. */
export interface LabelledObject {
  picture: string;
  /** Its place among the objects of the picture. */
  place: number;
  /** Index into the class list; -1: a label outside of it. */
  label: number;
}

/** Which objects a combiner is tuned on and judged by. */
export interface Shots {
  /** Tuned on. */
  training: LabelledObject[];
  /** Of the class list, never tuned on: they stop the tuning and judge its result. Classes are as frequent as in the folder. */
  heldOut: LabelledObject[];
  /** Labelled outside the class list: what should score low, as far as the folder shows any. */
  outside: LabelledObject[];
  /** Usable objects of each class. */
  available: number[];
}

/** Of so many shots one is kept aside where a class has no more objects. */
const keptAside = 5;
/** Outside objects at most, a class. */
const outsideAClass = 5;

/**
 * Draws `shots` objects a class to tune on, and half as many in all to judge by: at least one of each class, the rest as they
 * come, so that a frequent class counts as often as in a scan of the folder. They are of other pictures where there are such.
 * Where a class has too few, a fifth of its objects is kept aside.
 *
 * The same seed draws the same objects.
 */
export function drawShots(
  objects: readonly LabelledObject[],
  classes: number,
  shots: number,
  seed: number,
): Shots {
  const random = seededRandom(seed);
  const drawn: Shots = { training: [], heldOut: [], outside: [], available: [] };
  const wanted = Math.max(1, Math.round(shots / 2));
  const left: LabelledObject[] = [];
  for (let label = 0; label < classes; label++) {
    const own = shuffled(
      objects.filter((object) => object.label === label),
      random,
    );
    drawn.available.push(own.length);
    const aside = Math.max(own.length > 1 ? 1 : 0, Math.floor(own.length / keptAside));
    const taken = own.length >= shots + wanted ? shots : Math.min(shots, own.length - aside);
    drawn.training.push(...own.slice(0, taken));
    left.push(...own.slice(taken));
  }
  const tunedOn = new Set(drawn.training.map(({ picture }) => picture));
  const mixed = shuffled(left, random);
  const elsewhere = mixed.filter(({ picture }) => !tunedOn.has(picture));
  const beside = mixed.filter(({ picture }) => tunedOn.has(picture));
  const withShots = drawn.available.filter((count) => count > 0).length;
  drawn.heldOut = oneOfEachFirst([...elsewhere, ...beside]).slice(0, wanted * withShots);
  drawn.outside = shuffled(
    objects.filter(({ label }) => label < 0),
    random,
  ).slice(0, classes * outsideAClass);
  return drawn;
}

/** The first object of each class, then the others, each in their order. */
function oneOfEachFirst(objects: readonly LabelledObject[]): LabelledObject[] {
  const seen = new Set<number>();
  const isFirst = objects.map(({ label }) => !seen.has(label) && Boolean(seen.add(label)));
  return [...objects.filter((_, at) => isFirst[at]), ...objects.filter((_, at) => !isFirst[at])];
}
