import { resolve } from 'node:path';
import type { ScanOptions } from '../protocol/engine';
import type { ScanSettings } from '../protocol/scan';
import { exists } from '../store/exists';
import type { BoxSource } from './boxSources';

/**
 * What a scan was asked to be, with every path absolute, so that it can be gone on with from any directory.
 *
 * @param source of its boxes, opened.
 */
export async function settledSettings(
  { model, detector, combiner, boxes, configuration }: ScanOptions,
  source: BoxSource,
): Promise<ScanSettings> {
  return {
    ...(model === undefined ? {} : { model: await settledModel(model) }),
    ...(detector === undefined ? {} : { detector: await settledModel(detector) }),
    ...(combiner === undefined ? {} : { combiner: resolve(combiner) }),
    boxes: source.annotations?.named ?? boxes,
    ...(configuration === undefined ? {} : { configuration }),
  };
}

/** A directory goes before an id of the same name, as where models are opened. */
async function settledModel(spec: string): Promise<string> {
  return (await exists(resolve(spec))) ? resolve(spec) : spec;
}
