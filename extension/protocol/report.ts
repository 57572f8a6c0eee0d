import * as z from 'zod/mini';
import { exportSelectionSchema } from './engine';
import { notification } from './contract';
import { likenessSchema } from './likeness';
import { objectDetailSchema, scanReferenceSchema, scanSnapshotSchema } from './scan';

/**
 * The report: the review screen in one HTML file, with the data it shows. The data stand in elements of the page that hold
 * JSON and run nothing, so that each is read when it is looked at.
 */

/** The largest report: what a browser opens without trouble and what can still be sent. */
export const largestReport = 100 * 2 ** 20;

/** Ids of elements, and names of attributes of those of which there are many. */
export const reportParts = { head: 'report', object: 'data-object', photo: 'data-photo' } as const;

/** What stands in the element of the head: the scan, and what the report is. */
export const reportHeadSchema = z.object({
  version: z.literal(1),
  generator: z.string(),
  createdAt: z.iso.datetime(),
  /** The scan's folder by its name alone: a report leaves the computer. */
  snapshot: scanSnapshotSchema,
  likeness: likenessSchema,
  /** Which objects can be looked at; the others are in the list and the histogram. */
  only: exportSelectionSchema,
  objects: z.int(),
});
export type ReportHead = z.infer<typeof reportHeadSchema>;

/** What stands in the element of an object. */
export const reportObjectSchema = z.object({
  thumbnail: z.nullable(z.string()),
  /** `photo` has the name of the photo's element for its source, since objects share it. */
  detail: objectDetailSchema,
});
export type ReportObject = z.infer<typeof reportObjectSchema>;

/** How far a report is. */
export const reportProgressed = notification(
  'scan/reportProgressed',
  z.object({ reference: scanReferenceSchema, done: z.int(), total: z.int() }),
);
