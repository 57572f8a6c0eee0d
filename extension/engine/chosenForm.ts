import { auroc } from '../evaluation/metrics';
import type { ScoreForm } from '../pipeline/configuration';
import { seededRandom, shuffled } from '../pipeline/seededRandom';
import { prepareTexts } from '../pipeline/scoreObject';
import { UserFacingError } from '../protocol/userFacingError';
import type { LabelledObject } from '../tuning/shots';
import { bundleConfiguration } from './methodDefaults';
import type { ModelWorkers } from './models/modelWorkers';
import { setOf, studySet } from './study/evaluateFolders';
import { readLabelledFolder, type LabelledFolder } from './study/labelledPhotos';
import { labelledObjects } from './study/objectLabels';

/** Objects a side has to have for a form to be chosen on them. */
const fewestASide = 20;
/** More change little, and each costs a pass. */
const mostASide = 100;
const minimumSide = 32;
/** Classes a half has to have: a softmax over two says little of one over many. */
const fewestOfHalf = 3;

/** A class list and which objects are of it: what a form should tell apart. */
export interface Split {
  /** Places in the whole class list. */
  classes: number[];
  inside: LabelledObject[];
  outside: LabelledObject[];
}

/** A form of the score, and in words what it was chosen on. */
export interface ChosenForm {
  form: ScoreForm;
  said: string;
}

/**
 * Chooses the form of the score on the labels of a folder: that with the higher AUROC between objects of the classes and
 * others. Where no labels are outside of the list, every second class is held against the rest, both ways; that takes six classes with labels.
 *
 * @param forms the first is kept where none is better.
 * @param boxes as in a scan; with detected ones, the folder's annotations are asked.
 * @returns null where the folder has too few labels.
 * @throws the signal's reason when aborted.
 */
export async function chooseForm(
  models: ModelWorkers,
  forms: readonly ScoreForm[],
  { folder, boxes, classes }: { folder: string; boxes: string; classes: readonly string[] },
  progressed: (photos: number, total: number) => void,
  signal: AbortSignal,
): Promise<ChosenForm | null> {
  const labelled = await readLabelledFolder(
    folder,
    boxes === 'detector' ? 'annotations' : boxes,
    minimumSide,
    signal,
  ).catch((error: unknown) => {
    if (error instanceof UserFacingError) return null; // no labels, or what the scan itself will say
    throw error;
  });
  const splits = splitsOf(labelled ? labelledObjects(labelled.photos, classes) : []);
  if (!labelled || splits.length === 0) return null;
  const method = bundleConfiguration(models.bundle.manifest);
  const settings = [];
  for (const split of splits) {
    const names = split.classes.map((at) => classes[at]);
    const texts = prepareTexts(await models.classTexts(names, method), method);
    for (const scoreForm of forms)
      settings.push({
        texts,
        method: { ...method, readout: { ...method.readout, scoreForm } },
        combiner: null,
      });
  }
  await models.openStudy(settings);
  return bestForm(forms, splits, await scoresOf(objectsOf(splits), labelled, models, progressed, signal));
}

const objectsOf = (splits: readonly Split[]): LabelledObject[] => [
  ...new Set(splits.flatMap(({ inside, outside }) => [...inside, ...outside])),
];

/** What objects score in the forms of the study that is open; those of photos that cannot be read are left out. */
async function scoresOf(
  objects: readonly LabelledObject[],
  { folder, photos }: LabelledFolder,
  models: ModelWorkers,
  progressed: (photos: number, total: number) => void,
  signal: AbortSignal,
): Promise<Map<LabelledObject, Float64Array>> {
  const photoOf = new Map(photos.map((photo) => [photo.file, photo]));
  const wanted = new Map(
    objects.map((object) => [photoOf.get(object.picture)?.objects[object.place], object]),
  );
  const set = setOf(folder, photos, (object) => wanted.has(object));
  const told = (done: number): void => progressed(done, set.photos.length);
  const { objects: studied, unreadable } = await studySet(set, models, new Set(), told, signal);
  const unread = new Set(unreadable.map(({ file }) => file));
  const read = photos.flatMap(({ file, objects: own }) =>
    unread.has(file) ? [] : own.flatMap((object) => wanted.get(object) ?? []),
  );
  return new Map(read.map((object, at) => [object, studied[at].studied.scores]));
}

/** What a form is chosen on; none where a side has fewer than `fewestASide` objects. */
export function splitsOf(objects: readonly LabelledObject[]): Split[] {
  const drawn = shuffled(objects, seededRandom(0));
  const known = [...new Set(drawn.map(({ label }) => label).filter((label) => label >= 0))].sort(
    (a, b) => a - b,
  );
  const of = (labels: readonly number[]): LabelledObject[] =>
    drawn.filter(({ label }) => labels.includes(label)).slice(0, mostASide);
  const outside = of([-1]);
  const halves = [0, 1].map((odd) => known.filter((_, at) => at % 2 === odd));
  const splits: Split[] =
    outside.length >= fewestASide
      ? [{ classes: known, inside: of(known), outside }]
      : [
          { classes: halves[0], inside: of(halves[0]), outside: of(halves[1]) },
          { classes: halves[1], inside: of(halves[1]), outside: of(halves[0]) },
        ];
  const tells = ({ classes, inside, outside: others }: Split): boolean =>
    Math.min(inside.length, others.length) >= fewestASide &&
    (splits.length === 1 || classes.length >= fewestOfHalf);
  return splits.every(tells) ? splits : [];
}

/** @param scores of every split in turn, each in all forms. */
export function bestForm(
  forms: readonly ScoreForm[],
  splits: readonly Split[],
  scores: ReadonlyMap<LabelledObject, ArrayLike<number>>,
): ChosenForm | null {
  const aurocs = forms.map((_, form) => {
    const each = splits.map(({ inside, outside }, split) => {
      const at = split * forms.length + form;
      const of = (objects: readonly LabelledObject[]): number[] =>
        objects.flatMap((object) => scores.get(object)?.[at] ?? []);
      return [of(inside), of(outside)] as const;
    });
    if (each.some(([inside, outside]) => Math.min(inside.length, outside.length) < fewestASide)) return null;
    return each.reduce((sum, [inside, outside]) => sum + auroc(inside, outside), 0) / each.length;
  });
  const known = aurocs.filter((value) => value !== null);
  if (known.length < forms.length) return null;
  const best = known.indexOf(Math.max(...known));
  const figures = forms.map((form, at) => `${nameOf(form)} ${(100 * known[at]).toFixed(1)} %`).join(', ');
  const count = objectsOf(splits).length;
  return {
    form: forms[best],
    said: `score form chosen on ${count} labelled objects by AUROC (${figures})`,
  };
}

function nameOf(form: ScoreForm): string {
  return form.kind === 'max' ? 'largest alignment' : `softmax at ${form.temperature}`;
}
