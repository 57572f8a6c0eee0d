import * as z from 'zod/mini';
import { verdictSchema, type BoundingBox, type Verdict } from '../protocol/results';
import type { Connection } from './database';

/** A photo of a scan in which a reviewer gave a verdict, with all objects of the scan in it. */
export interface ReviewedPhoto {
  file: string;
  /** Of its bytes when it was scanned. */
  sha256: string;
  objects: {
    id: string;
    bbox: BoundingBox;
    /** Null: not reviewed. */
    verdict: Verdict | null;
    /** The class the reviewer gave; null: none. */
    class: string | null;
    /** Index into the scan's class list. */
    predictedClass: number;
  }[];
}

/** The scan of the folder, changed last, with an object that was said to be in distribution; null: there is none. */
export function lastReviewedScan(connection: Connection): string | null {
  const found = connection
    .prepare(
      `SELECT id FROM scan WHERE EXISTS (
         SELECT 1 FROM object JOIN decision USING (decisionKey) WHERE object.scan = scan.id AND verdict = 'id')
       ORDER BY updatedAt DESC LIMIT 1`,
    )
    .raw()
    .get() as [string] | undefined;
  return found?.[0] ?? null;
}

const rowSchema = z.object({
  ...{ file: z.string(), sha256: z.string(), id: z.string() },
  ...{ x: z.number(), y: z.number(), width: z.number(), height: z.number() },
  verdict: z.nullable(verdictSchema),
  class: z.nullable(z.string()),
  predictedClass: z.int(),
});

/** The photos of a scan in which any object carries a verdict, in the folder's order. */
export function reviewedPhotos(connection: Connection, scanId: string): ReviewedPhoto[] {
  const rows = connection
    .prepare(
      `SELECT object.file, sha256, object.id, x, y, object.width, object.height, verdict, class, predictedClass
       FROM object JOIN image ON image.scan = object.scan AND image.file = object.file
         LEFT JOIN decision USING (decisionKey)
       WHERE object.scan = ? AND object.file IN (
         SELECT file FROM object JOIN decision USING (decisionKey) WHERE scan = ?)
       ORDER BY position, object.file, ordinal`,
    )
    .all(scanId, scanId);
  const photos: ReviewedPhoto[] = [];
  for (const raw of rows) {
    const { file, sha256, x, y, width, height, ...said } = z.parse(rowSchema, raw);
    if (photos.at(-1)?.file !== file) photos.push({ file, sha256, objects: [] });
    photos.at(-1)!.objects.push({ bbox: [x, y, width, height], ...said });
  }
  return photos;
}
