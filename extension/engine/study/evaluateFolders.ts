import { realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { AnnotationProblem } from '../../dataset/annotations/annotations';
import { removeOverlap } from '../../dataset/classLists/overlappingLabels';
import { labelReader } from '../../protocol/labelDisagreement';
import { compareMethods, type Comparison, type Method, type ScoredSet } from '../../evaluation/comparison';
import type { BaselineScores } from '../../pipeline/baselines';
import type { Box } from '../../pipeline/image';
import { UserFacingError } from '../../protocol/userFacingError';
import { inLanes } from '../inLanes';
import type { ModelWorkers, OpenPhoto } from '../models/modelWorkers';
import type { StudiedObject } from '../models/studyObjects';
import { readLabelledFolder, type LabelledPhoto } from './labelledPhotos';
import type { StudyPlan } from './studyPlan';

/** An object that takes part. */
export interface Candidate {
  box: Box;
  label: string | null;
  /** Of the detector that drew it; null: it was given. */
  detectionScore: number | null;
}

/** A photo whose objects are known, or found when it is open. */
export interface EvaluationPhoto {
  file: string;
  /** How many it will have, as far as one can tell before it is open. */
  expectedObjects: number;
  find: (photo: OpenPhoto) => Promise<{ objects: Candidate[]; objectsInPhoto: number }>;
}

/** One side of a comparison before it is scored. */
export interface EvaluationSet {
  folder: string;
  name: string;
  photos: EvaluationPhoto[];
}

/** A label of the OOD side that names a known class; its objects are not measured. */
export interface RemovedLabel {
  set: string;
  label: string;
  objects: number;
  reason: string;
}

export interface EvaluationData {
  id: EvaluationSet;
  ood: EvaluationSet[];
  removed: RemovedLabel[];
  problems: AnnotationProblem[];
}

export interface EvaluationFolders {
  id: string;
  /** Empty: objects of the ID folder whose labels are outside the class list. */
  ood: readonly string[];
  classes: readonly string[];
  /** `annotations`, `image` (every photo is one object), `detector`, or a file or folder with labelled boxes. */
  boxes: string;
  minimumSide: number;
}

/**
 * Which objects of the folders are measured: on the ID side those labelled with a class of the list, on the OOD side those
 * labelled otherwise. An OOD label that is a known class under another name, or could be one, is removed and listed.
 *
 * @throws UserFacingError when a side is empty or both are the same folder.
 */
export async function gatherEvaluationData(
  { id, ood, classes, boxes, minimumSide }: EvaluationFolders,
  signal: AbortSignal,
): Promise<EvaluationData> {
  const placeOf = labelReader(classes);
  const isKnown = ({ label }: { label: string | null }): boolean => placeOf(label) !== null;
  const own = await readLabelledFolder(id, boxes, minimumSide, signal);
  const idSet = setOf(own.folder, own.photos, isKnown);
  if (idSet.photos.length === 0)
    throw new UserFacingError(
      boxes === 'image'
        ? `${id} holds no photo that is labelled with a class of the list alone. Check the class list and the labels.`
        : `${id} holds no object of the class list with sides of ${minimumSide} pixels or more (${own.origin}). Check the class list and the labels.`,
    );
  const data: EvaluationData = { id: idSet, ood: [], removed: [], problems: [...own.problems] };
  const thing = boxes === 'image' ? 'photo' : 'object';
  const sides = ood.length > 0 ? ood : [id];
  for (const folder of sides) {
    const found = folder === id ? own : await readLabelledFolder(folder, boxes, minimumSide, signal);
    if (folder !== id) data.problems.push(...found.problems);
    const labels = found.photos.flatMap(({ objects }) => objects.flatMap(({ label }) => label ?? []));
    const removed = removeOverlap(classes, labels);
    const gone = new Set(removed.map(({ label }) => label));
    const set = setOf(found.folder, found.photos, ({ label }) =>
      label === null ? folder !== id : !gone.has(label),
    );
    set.name = ood.length > 0 ? basename(resolve(folder)) : `other objects of ${basename(resolve(id))}`;
    // In the ID folder itself the known classes are no news.
    for (const entry of removed)
      if (ood.length > 0 || placeOf(entry.label) === null) data.removed.push({ set: set.name, ...entry });
    if (set.photos.length === 0)
      throw new UserFacingError(
        ood.length > 0
          ? `${folder} holds no ${thing} outside the class list (${found.origin}). Choose a folder with other things, or a shorter class list.`
          : `${id} holds no labelled ${thing} outside the class list. Name a folder of other things to measure against.`,
      );
    data.ood.push(set);
  }
  return data;
}

/** @throws UserFacingError when a folder is named twice. */
export function refuseSameFolder(id: string, ood: readonly string[]): void {
  const names = ood.map(realFolder);
  if (names.includes(realFolder(id)))
    throw new UserFacingError(
      `${id} is named as ID and as OOD. Name no OOD folder to measure against the objects of other labels in the same photos, or name another one.`,
    );
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UserFacingError(`${twice} is named twice as OOD. Name it once.`);
}

/** Where a folder is, behind links; what is not there is told by who reads it. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

/** Those objects of a folder that take part, as a set. */
export function setOf(
  folder: string,
  photos: readonly LabelledPhoto[],
  takesPart: (object: LabelledPhoto['objects'][number]) => boolean,
): EvaluationSet {
  return {
    folder,
    name: basename(resolve(folder)),
    photos: photos.flatMap(({ file, objects }) => {
      const chosen = objects.filter(takesPart).map((object) => ({ ...object, detectionScore: null }));
      const found = { objects: chosen, objectsInPhoto: objects.length };
      return chosen.length > 0
        ? [{ file, expectedObjects: chosen.length, find: () => Promise.resolve(found) }]
        : [];
    }),
  };
}

/** A candidate with what it scored. */
export interface StudiedCandidate {
  picture: string;
  label: string | null;
  detectionScore: number | null;
  studied: StudiedObject;
}

/** What a set came to, object by object, in the order of the folder. */
export interface StudiedSet {
  set: EvaluationSet;
  objects: StudiedCandidate[];
  /** Files of the photos that were measured, in no order. */
  measured: string[];
  /** Photos that were passed over since tuning had seen them. */
  tunedOn: number;
  unreadable: AnnotationProblem[];
}

/**
 * Scores a set in every form of the plan, one pass of the towers an object. Photos whose bytes tuning has seen, for training
 * or for choosing, are left out for every method alike.
 */
export async function studySet(
  set: EvaluationSet,
  models: ModelWorkers,
  tunedOn: ReadonlySet<string>,
  progressed: (photos: number) => void,
  signal: AbortSignal,
): Promise<StudiedSet> {
  const byPhoto: StudiedSet['objects'][] = [];
  const studied: StudiedSet = { set, objects: [], measured: [], tunedOn: 0, unreadable: [] };
  let done = 0;
  await inLanes([...set.photos.entries()], models.lanes, async ([at, { file, find }]) => {
    signal.throwIfAborted();
    const photo = await models.openPhoto(join(set.folder, file));
    if ('unreadable' in photo) studied.unreadable.push({ file, reason: photo.unreadable });
    else
      try {
        if (tunedOn.has(photo.facts.sha256)) studied.tunedOn++;
        else {
          const { objects, objectsInPhoto } = await find(photo);
          const scored = await photo.study(
            objects.map(({ box }) => box),
            objectsInPhoto,
          );
          studied.measured.push(file);
          byPhoto[at] = scored.map((studied, place) => ({
            picture: `${set.folder}/${file}`,
            label: objects[place].label,
            detectionScore: objects[place].detectionScore,
            studied,
          }));
        }
      } finally {
        await photo.close();
      }
    progressed(++done);
  });
  studied.objects = byPhoto.flat();
  return studied;
}

/** The usual methods, from the same passes. */
export const baselineMethods: readonly (Method & { id: keyof BaselineScores })[] = [
  { id: 'maxCosine', name: 'max cosine', group: 'baseline' },
  { id: 'mcm', name: 'MCM', group: 'baseline' },
  { id: 'glMcm', name: 'GL-MCM', group: 'baseline' },
  { id: 'runa', name: 'RUNA-like', group: 'baseline' },
];

/** Compares the baselines and every form of the plan. @throws UserFacingError when nothing is left to measure. */
export function compareStudies(
  plan: StudyPlan,
  id: StudiedSet,
  ood: readonly StudiedSet[],
  classes: readonly string[],
): Comparison {
  for (const { set, objects, tunedOn } of [id, ...ood])
    if (objects.length === 0)
      throw new UserFacingError(
        tunedOn > 0
          ? `Tuning has seen every photo of ${set.folder}, so nothing is left to measure there. Tune on other photos.`
          : `No photo of ${set.folder} could be read, so there is nothing to measure.`,
      );
  const methods = [...baselineMethods, ...plan.methods.map(({ method }) => method)];
  const placeOf = labelReader(classes);
  // What a detector boxed may carry no label.
  const labelled = id.objects.flatMap(({ label, studied }) => {
    const known = placeOf(label);
    return known === null ? [] : [{ label: known, studied }];
  });
  const accuracies = new Map(
    plan.methods.map(({ method, forms }) => [
      method.id,
      forms.map((form) => {
        const right = labelled.filter(({ label, studied }) => studied.predicted[form] === label);
        return right.length / labelled.length;
      }),
    ]),
  );
  return compareMethods(
    methods,
    scoredSet(id, plan),
    ood.map((set) => scoredSet(set, plan)),
    accuracies,
  );
}

/** Scores by method, a list a seed. */
export function scoredSet({ set, objects }: StudiedSet, { methods }: StudyPlan): ScoredSet {
  return {
    name: set.name,
    pictures: objects.map(({ picture }) => picture),
    scores: new Map([
      ...baselineMethods.map(({ id }): [string, Float64Array[]] => [
        id,
        [Float64Array.from(objects, ({ studied }) => studied.baselines[id])],
      ]),
      ...methods.map(({ method, forms }): [string, Float64Array[]] => [
        method.id,
        forms.map((form) => Float64Array.from(objects, ({ studied }) => studied.scores[form])),
      ]),
    ]),
  };
}
