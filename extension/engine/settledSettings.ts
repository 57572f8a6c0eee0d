import { resolve } from 'node:path';
import type { ScanOptions } from '../protocol/engine';
import type { ScanSettings } from '../protocol/scan';
import { exists } from '../store/exists';
import { pathOfBoxes } from './boxSources';

/** What a scan was asked to be, with every path absolute, so that it can be gone on with from any directory. */
export async function settledSettings(options: ScanOptions): Promise<ScanSettings> {
  const { folder, model, detector, combiner, boxes, configuration } = options;
  return {
    ...(model === undefined ? {} : { model: await settledModel(model) }),
    ...(detector === undefined ? {} : { detector: await settledModel(detector) }),
    ...(combiner === undefined ? {} : { combiner: resolve(combiner) }),
    boxes: boxes === 'detector' || boxes === 'annotations' ? boxes : await pathOfBoxes(boxes, folder),
    ...(configuration === undefined ? {} : { configuration }),
  };
}

/** A directory goes before an id of the same name, as where models are opened. */
async function settledModel(spec: string): Promise<string> {
  return (await exists(resolve(spec))) ? resolve(spec) : spec;
}
