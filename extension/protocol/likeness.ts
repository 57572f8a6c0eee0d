import * as z from 'zod/mini';
import { request } from './contract';
import { scanReferenceSchema } from './scan';

/** In place of a group: the object carries nothing that it could be compared by. */
export const notCompared = 2 ** 32 - 1;

/** Which objects of a scan look alike, as it was when this was asked for. */
export const likenessSchema = z.object({
  /** How many objects carry what they are compared by; 0 where all were scanned before that was stored. */
  compared: z.int(),
  /**
   * Uint32, base64. Of each object, in the order they were scanned, the place in that order of the one that stands for its
   * group: its own where it is that, or alone. `notCompared`: none.
   */
  groups: z.string(),
});
export type Likeness = z.infer<typeof likenessSchema>;

/** Groups of alike objects of a scan. Of a large scan they take seconds to make, and are kept until its objects change. */
export const groupByLikeness = request('review/likeness', scanReferenceSchema, likenessSchema);
