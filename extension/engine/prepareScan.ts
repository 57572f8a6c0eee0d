import { createHash } from 'node:crypto';
import { comparableName } from '../protocol/classNames';
import type { ImageFolder } from '../dataset/images/imageFiles';
import type { TrainedCombiner } from '../pipeline/combiner';
import { prepareTexts, type PreparedTexts } from '../pipeline/scoreObject';
import type { ScanOptions } from '../protocol/engine';
import type { ScanConfiguration } from '../protocol/methodConfiguration';
import type { ScanReference, Threshold } from '../protocol/scan';
import { usualTruePositiveRate } from '../protocol/truePositiveRate';
import type { NewScan } from '../store/records';
import { openBoxSource, type BoxSource } from './boxSources';
import { keptDetections } from './detectionCache';
import { combinerIdentity, openCombiner } from './openCombiner';
import {
  bundleConfiguration,
  patchConfiguration,
  refuseForeignAliases,
  refuseMissingCombiner,
} from './methodDefaults';
import { keptTexts } from './keptTexts';
import { settledSettings } from './settledSettings';
import type { ModelWorkers } from './models/modelWorkers';

/** All that is settled before the first image is read. */
export interface PreparedScan {
  reference: ScanReference;
  record: NewScan;
  configuration: ScanConfiguration;
  texts: PreparedTexts;
  boxes: BoxSource;
  combiner: TrainedCombiner | null;
  /** Whether the model brings a δ; without one, it is estimated from the scan's scores. */
  hasThreshold: boolean;
}

/** Reads texts, boxes and configuration, and names the scan by them: the same settings, the same scan. */
export async function prepareScan(
  options: ScanOptions,
  classes: string[],
  models: ModelWorkers,
  { images, unreadable }: ImageFolder,
  caches: { detections: string; texts: string },
): Promise<PreparedScan> {
  const { bundle } = models;
  const tuned = options.combiner === undefined ? null : await openCombiner(options.combiner, bundle);
  const form = tuned?.file.header.method ?? bundleConfiguration(bundle.manifest);
  const method = patchConfiguration(form, options.configuration ?? {});
  refuseForeignAliases(classes, method);
  if (!tuned) refuseMissingCombiner(method, bundle.manifest);
  const detection = models.detector.detector.defaults;
  const imagesTotal = images.length + unreadable.length;
  const files = images.map(({ file }) => file);
  const boxes = await openBoxSource(
    options.boxes,
    options.folder,
    files,
    keptDetections(models.detector, detection, classes, caches.detections),
  );
  // Given boxes are the same whatever the detector; detected ones are not.
  const detector = boxes.identity === 'detector' ? describedDetector(models) : null;
  const configuration: ScanConfiguration = {
    method,
    detection,
    boxes: boxes.identity,
    detector,
    ...(tuned ? { combiner: combinerIdentity(tuned.file) } : {}),
  };
  const model = { id: bundle.manifest.id, version: bundle.manifest.version, sha256: bundle.sha256 };
  const scanId = createHash('sha256')
    .update(JSON.stringify({ classes, model, configuration }))
    .digest('hex')
    .slice(0, 16);
  const classTexts = await keptTexts(bundle, classes, method, caches.texts, () =>
    models.classTexts(classes, method),
  );
  return {
    reference: { folder: options.folder, scanId },
    configuration,
    texts: prepareTexts(classTexts, method),
    boxes,
    combiner: tuned?.combiner ?? null,
    hasThreshold: bundle.manifest.threshold !== undefined,
    record: {
      id: scanId,
      classes,
      model,
      configuration,
      settings: await settledSettings(options, boxes),
      boxesOrigin: boxes.origin,
      annotations: boxes.annotations,
      imagesTotal,
      grid: models.facts.grid,
      interTextAttention: classTexts.interTextAttention,
      bundleThreshold: bundleThreshold(models, classes, tuned !== null),
      truePositiveRate: options.newTruePositiveRate ?? usualTruePositiveRate,
      tunedPictures: tuned?.file.header.tunedOn.pictures ?? [],
      deviceFallback: models.fallback,
    },
  };
}

function describedDetector({ detector }: ModelWorkers): ScanConfiguration['detector'] {
  return { id: detector.id, version: detector.version, sha256: detector.sha256 };
}

function bundleThreshold({ bundle }: ModelWorkers, classes: readonly string[], isTuned: boolean): Threshold {
  const measured = bundle.manifest.threshold;
  return {
    value: measured?.value ?? 0,
    source: 'bundle',
    truePositiveRate: measured?.truePositiveRate ?? null,
    origin: measured
      ? `Comes with the model: ${measured.measuredOn}`
      : 'This model brings no threshold. One is estimated from 20 or more scores; set one by hand, or scan a folder with annotations.',
    warning: !measured
      ? null
      : isTuned
        ? withoutCombiner
        : measured.classes && !isSameList(measured.classes, classes)
          ? otherClasses
          : null,
  };
}

const otherClasses =
  'It was measured with another class list, so it may not suit yours. Move it, or scan a folder with annotations.';

const withoutCombiner =
  'It was measured without the tuned combiner, so it may not suit. Move it, or scan a folder with annotations.';

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  const names = new Set(one.map(comparableName));
  return one.length === other.length && other.every((name) => names.has(comparableName(name)));
}
