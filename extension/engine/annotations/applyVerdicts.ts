import { resolve } from 'node:path';
import type { AppliedVerdicts, VerdictRules } from '../../protocol/annotations';
import type { ScanReference } from '../../protocol/scan';
import { UserFacingError } from '../../protocol/userFacingError';
import { readImages } from '../../store/objectQueries';
import type { ScanStore } from '../../store/scanStore';
import { writeAnnotationCopy } from './annotationCopy';
import type { ScanAnnotations } from './scanAnnotations';
import { verdictChanges } from './verdictChanges';

/**
 * Writes a copy of the annotations of a scan in which its verdicts are applied.
 *
 * @param output a file for COCO, a folder for YOLO and Pascal VOC.
 * @throws UserFacingError when there are no annotations or no verdicts, or the copy cannot be written.
 */
export async function applyVerdicts(
  store: ScanStore,
  annotations: ScanAnnotations,
  { folder, scanId }: ScanReference,
  rules: VerdictRules,
  output: string,
): Promise<AppliedVerdicts> {
  const place = resolve(output);
  const scan = store.scan(scanId);
  const opened = await annotations.of(folder, scan);
  const { files, counts } = await verdictChanges(store, scan, opened, rules);
  const { dropped, relabelled, confirmed, unmatched, unnamed } = counts;
  if (dropped + relabelled + confirmed + unmatched + unnamed === 0)
    throw new UserFacingError(
      `No object of ${folder} carries a verdict yet, so a copy of its annotations would be the same. Review some first.`,
    );
  const sources = new Set<string>();
  for (const { file, width, height } of readImages(store.connection, scanId)) {
    const source = (await opened.boxesOf(file, width, height))?.source;
    if (source !== undefined) sources.add(source);
  }
  return { ...counts, files: await writeAnnotationCopy(opened, [...sources], files, place), output: place };
}
