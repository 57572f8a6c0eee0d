import { join } from 'node:path';
import type { AnnotationProblem } from '../../dataset/annotations/annotations';
import type { ObjectPasses } from '../../pipeline/scoreObject';
import { UserFacingError } from '../../protocol/userFacingError';
import { drawShots, type LabelledObject, type Shots } from '../../tuning/shots';
import type { ModelWorkers } from '../models/modelWorkers';
import { inLanes } from '../inLanes';
import type { LabelledFolder } from './labelledPhotos';
import { labelledObjects, labelsOf } from './objectLabels';
import type { TuneListener, TuneOptions } from './tuneFolder';

const fewestClasses = 2;

/** The objects of a tuning run with the passes of both towers. */
export interface PassedShots {
  shots: Shots;
  passes: Map<LabelledObject, ObjectPasses>;
  /** Labels of the other objects of its picture that belong to the class list. */
  otherLabels: Map<LabelledObject, number[]>;
  /** SHA-256 of the photos. */
  pictures: string[];
  unreadable: AnnotationProblem[];
}

function refuseTooFew(
  { training, heldOut, available }: Shots,
  objects: readonly LabelledObject[],
  { folder, origin, minimumSide }: LabelledFolder,
  { classes }: TuneOptions,
): void {
  const withShots = new Set(training.map(({ label }) => label)).size;
  if (withShots >= fewestClasses && heldOut.length > 0) return;
  if (objects.length === 0)
    throw new UserFacingError(
      `No labelled object of ${minimumSide} pixels or more was found in ${folder} (${origin}). Tuning needs labels.`,
    );
  const found = classes.filter((_, label) => available[label] > 0);
  throw new UserFacingError(
    `${folder} has too few labels to tune on: ${found.length === 0 ? 'none' : `only ${found.join(', ')}`} of ${classes.length === 1 ? 'the one class' : `${classes.length} classes`} ${found.length > 1 ? 'have' : 'has'} labelled objects of ${minimumSide} pixels or more that can be read (${origin}). Tuning needs two classes with two objects each, better ten.`,
  );
}

/** Draws the objects of a tuning run and passes them through the image tower, photo by photo. @throws as `tuneFolder`. */
export async function passShots(
  labelled: LabelledFolder,
  models: ModelWorkers,
  options: TuneOptions,
  listener: Pick<TuneListener, 'counted' | 'passed'>,
  signal: AbortSignal,
): Promise<PassedShots> {
  const { folder, photos } = labelled;
  const { classes, base } = options;
  const objects = labelledObjects(photos, classes);
  const shots = drawShots(objects, classes.length, options.shots, options.seed);
  refuseTooFew(shots, objects, labelled, options);
  listener.counted(
    shots,
    classes.filter((_, label) => shots.available[label] < options.shots),
  );
  const drawn = [...shots.training, ...shots.heldOut, ...shots.outside];
  const byPicture = new Map<string, LabelledObject[]>();
  for (const object of drawn)
    byPicture.set(object.picture, [...(byPicture.get(object.picture) ?? []), object]);
  const labelOf = labelsOf(classes);
  const passed: PassedShots = {
    shots,
    passes: new Map(),
    otherLabels: new Map(),
    pictures: [],
    unreadable: [],
  };
  const { boxMargin } = base.views;
  let done = 0;
  const wanted = photos.filter(({ file }) => byPicture.has(file));
  await inLanes(wanted, models.lanes, async ({ file, objects }) => {
    signal.throwIfAborted();
    const own = byPicture.get(file)!;
    const photo = await models.openPhoto(join(folder, file));
    if ('unreadable' in photo) {
      passed.unreadable.push({ file, reason: photo.unreadable });
      listener.passed((done += own.length), drawn.length);
      return;
    }
    try {
      const boxes = own.map(({ place }) => objects[place].box);
      const passes = await photo.passes(boxes, boxMargin, objects.length);
      own.forEach((object, at) => {
        passed.passes.set(object, passes[at]);
        const others = objects.flatMap((other, place) => {
          const label = place === object.place ? null : labelOf(other);
          return label === null || label < 0 ? [] : [label];
        });
        passed.otherLabels.set(object, [...new Set(others)]);
      });
      passed.pictures.push(photo.facts.sha256);
    } finally {
      await photo.close();
    }
    listener.passed((done += own.length), drawn.length);
  });
  passed.pictures.sort();
  const read = (drawnObjects: readonly LabelledObject[]): LabelledObject[] =>
    drawnObjects.filter((object) => passed.passes.has(object));
  passed.shots = {
    ...shots,
    training: read(shots.training),
    heldOut: read(shots.heldOut),
    outside: read(shots.outside),
  };
  refuseTooFew(passed.shots, objects, labelled, options);
  return passed;
}
