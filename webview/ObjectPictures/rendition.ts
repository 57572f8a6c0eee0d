import type * as z from 'zod/mini';
import type { renditionSchema } from '../../extension/protocol/scan';

export type Rendition = z.infer<typeof renditionSchema>;
