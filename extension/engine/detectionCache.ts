import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import type { DetectionConfiguration } from '../protocol/methodConfiguration';
import { writeInOneStep } from '../store/writeInOneStep';
import type { Detection } from '../towers/detectors/detector';
import type { PhotoToBox } from './boxSources';
import type { DetectorBundle } from '../hub/detectorBundle';

/** Boxes a detector draws in a photo. */
export type DetectPhoto = (photo: PhotoToBox) => Promise<Detection[]>;

const detectionsSchema = z.array(
  z.object({
    box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
    score: z.number(),
  }),
);

/**
 * Detections of a slow detector are kept by what they depend on: the photo's contents, the detector, its thresholds and,
 * where it is asked in words, the classes. Later scans, with other towers as well, find them again.
 *
 * @param directory where they are kept; null: nowhere.
 */
export function keptDetections(
  detector: DetectorBundle,
  detection: DetectionConfiguration,
  classes: readonly string[],
  directory: string | null,
): DetectPhoto {
  const isSlow = detector.detector.kind === 'owl';
  if (directory === null || !isSlow) return (photo) => photo.detect(detection, classes);
  const circumstances = JSON.stringify([detector.sha256, detection, classes]);
  return async (photo) => {
    const name = createHash('sha256').update(`${photo.facts.sha256}\n${circumstances}`).digest('hex');
    const path = join(directory, 'detections', name.slice(0, 2), `${name}.json`);
    const known = await read(path);
    if (known) return known;
    const found = await photo.detect(detection, classes);
    await mkdir(dirname(path), { recursive: true });
    await writeInOneStep(path, JSON.stringify(found));
    return found;
  };
}

/** What cannot be read is detected again. */
async function read(path: string): Promise<Detection[] | undefined> {
  try {
    return z.parse(detectionsSchema, JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
