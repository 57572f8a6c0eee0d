import * as z from 'zod/mini';
import { notification, request } from './contract';

/** The part of the conversation with the engine that is about models: what there is, getting it, keeping it. */

const nothing = z.object({});

export const modelListingSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['towers', 'detector']),
  /** Comes with the product, is on this computer, or could be downloaded. */
  state: z.enum(['embedded', 'stored', 'offered']),
  /** Of all files; about, where it is not here. */
  bytes: z.number(),
  licence: z.string(),
  /** Where it is from. */
  source: z.string(),
  /** What to expect on a CPU; empty: nobody said. */
  expectation: z.string(),
  /** Why it cannot be used; null when it can. */
  broken: z.nullable(z.string()),
});
export type ModelListing = z.infer<typeof modelListingSchema>;

export const listModels = request(
  'models/list',
  nothing,
  z.object({
    models: z.array(modelListingSchema),
    directory: z.string(),
    /** Bytes in use. */
    usage: z.object({ models: z.number(), unfinished: z.number(), quota: z.nullable(z.number()) }),
  }),
);

/** Asks the source how large a model is; nothing of it is downloaded. */
export const planModel = request(
  'models/plan',
  z.object({ id: z.string() }),
  z.object({ total: z.number(), missing: z.number(), from: z.string() }),
);

export const pullProgressSchema = z.object({
  id: z.string(),
  file: z.string(),
  received: z.number(),
  total: z.number(),
  /** Lately; null before it is known. */
  bytesPerSecond: z.nullable(z.number()),
});
export type PullProgressMessage = z.infer<typeof pullProgressSchema>;

/** Downloads a model; cancel it to stop, what has arrived is kept. */
export const pullModel = request(
  'models/pull',
  z.object({ id: z.string(), acceptChange: z.boolean() }),
  nothing,
);
export const pullProgressed = notification('models/pullProgressed', pullProgressSchema);

export const verifyModel = request(
  'models/verify',
  z.object({ id: z.string() }),
  z.object({ files: z.int() }),
);
/** Forgets what broken-off downloads left. */
export const dropUnfinishedModels = request('models/dropUnfinished', nothing, nothing);

/** @returns bytes that became free. */
export const removeModel = request(
  'models/remove',
  z.object({ id: z.string() }),
  z.object({ freed: z.number() }),
);
export const importModelFolder = request(
  'models/import',
  z.object({ folder: z.string(), id: z.optional(z.string()), int8: z.optional(z.boolean()) }),
  z.object({ id: z.string() }),
);
