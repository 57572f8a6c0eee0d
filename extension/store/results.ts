import { isOutOfDistribution } from '../pipeline/alignmentScore';
import { classesWithOwnThreshold } from '../protocol/classThresholds';
import type { ExportSelection } from '../protocol/engine';
import { labelDisagreement, labelReader } from '../protocol/labelDisagreement';
import type { Explanation, ResultObject, Results } from '../protocol/results';
import type { Connection } from './database';
import { eachObject, readImages, type StoredObject } from './objectQueries';
import { leftOutAnnotations, readScan, unreadableFiles, type StoredScan } from './scanQueries';

/** The results document of a scan: objects in the folder's order, whatever order they were scanned in. */
export function resultsOf(
  connection: Connection,
  scanId: string,
  only: ExportSelection,
  generator: string,
  now: string,
): Results {
  const scan = readScan(connection, scanId);
  const images = readImages(connection, scanId);
  const labelled = labelReader(scan.classes);
  const objects: ResultObject[] = [];
  for (const object of eachObject(connection, scanId))
    if (isSelected(object, scan, only)) objects.push(resultObject(object, scan, labelled(object.label)));
  const named = new Set(objects.map(({ image }) => image));
  return {
    version: 1,
    generator,
    createdAt: now,
    dataset: { images: images.length },
    model: scan.model,
    classes: scan.classes,
    configuration: scan.configuration,
    threshold: {
      value: scan.threshold.value,
      source: scan.threshold.source,
      truePositiveRate: scan.threshold.truePositiveRate,
      classes: classesWithOwnThreshold(scan.threshold).map(({ class: name, objects }) => ({
        class: name,
        value: scan.thresholds[scan.classes.indexOf(name)],
        objects,
      })),
    },
    images: only === 'all' ? images : images.filter(({ file }) => named.has(file)),
    objects,
    unreadable: unreadableFiles(connection, scanId),
    leftOut: leftOutAnnotations(connection, scanId),
  };
}

function isSelected(object: StoredObject, scan: StoredScan, only: ExportSelection): boolean {
  switch (only) {
    case 'all':
      return true;
    case 'flagged':
      return isOutOfDistribution(object.score, scan.thresholds[object.predictedClass]);
    case 'reviewed':
      return object.decision !== null;
  }
}

/** @param labelled index of the class that the object's label names */
function resultObject(
  object: StoredObject,
  { classes, thresholds }: StoredScan,
  labelled: number | null,
): ResultObject {
  const threshold = thresholds[object.predictedClass];
  return {
    id: object.id,
    image: object.file,
    bbox: object.bbox,
    label: object.label,
    disagreement: labelDisagreement(labelled, object.classScores),
    detectionScore: object.detectionScore,
    score: object.score,
    predictedClass: classes[object.predictedClass],
    classScores: Object.fromEntries(classes.map((name, at) => [name, object.classScores[at]])),
    threshold,
    flagged: isOutOfDistribution(object.score, threshold),
    decision: object.decision,
    baselines: object.baselines,
  };
}

/** The explanation of every object, in the folder's order. */
export function* explanationsOf(connection: Connection, scanId: string): Generator<Explanation> {
  const scan = readScan(connection, scanId);
  for (const object of eachObject(connection, scanId)) yield explanationOf(object, scan);
}

/** ω_i = β_i · μ_i; where alignment is not used (μ null), ω = β. */
export function combinedWeights(beta: Float32Array, mu: Float32Array | null): Float32Array {
  return mu ? beta.map((value, at) => value * mu[at]) : beta;
}

function explanationOf(object: StoredObject, scan: StoredScan): Explanation {
  const list = (values: Float32Array): number[] => Array.from(values);
  const { betaIntra, betaInter, muTarget, muBackground } = object;
  const count = scan.classes.length;
  return {
    id: object.id,
    image: object.file,
    bbox: object.bbox,
    class: scan.classes[object.predictedClass],
    grid: scan.grid,
    beta: { intra: list(betaIntra), inter: betaInter && list(betaInter) },
    mu: { target: list(muTarget), background: muBackground && list(muBackground) },
    omega: {
      target: list(combinedWeights(betaIntra, muTarget)),
      background: betaInter && list(combinedWeights(betaInter, muBackground)),
    },
    backgroundText: Object.fromEntries(
      scan.classes.map((name, other) => [
        name,
        scan.interTextAttention[other * count + object.predictedClass],
      ]),
    ),
  };
}
