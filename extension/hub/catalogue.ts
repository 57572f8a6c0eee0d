import * as z from 'zod/mini';
import entries from '../../models/catalogue.json';

const precisionNames = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof precisionNames)[number];

const filesSchema = z.object({
  vision: z.optional(z.string()),
  text: z.optional(z.string()),
  detector: z.optional(z.string()),
  /** Of all files, about. */
  megabytes: z.number(),
  /** What to expect of this precision beside the others. */
  expectation: z.optional(z.string()),
  /** Hashes that are known beforehand, by path. */
  sha256: z.optional(z.record(z.string(), z.string())),
});

const entrySchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['towers', 'detector']),
  /** owner/name on the hub. */
  repository: z.string(),
  /** Commit; null: the one that is current at the first download, and that one ever after. */
  revision: z.nullable(z.string()),
  licence: z.string(),
  /** What to expect on a CPU. */
  expectation: z.string(),
  settings: z.array(z.string()),
  precisions: z.partialRecord(z.enum(precisionNames), filesSchema),
});
export type CatalogueEntry = z.infer<typeof entrySchema>;

/** One model in one precision: what is downloaded, stored and named as a whole. */
export interface CatalogueModel {
  /** The entry's id; for other precisions than its first, with the precision behind it. */
  id: string;
  entry: CatalogueEntry;
  precision: Precision;
  files: z.infer<typeof filesSchema>;
}

/** Every model that can be downloaded. @throws ZodError when an entry is broken. */
export function catalogueModels(catalogue: unknown = entries): CatalogueModel[] {
  return z.parse(z.array(entrySchema), catalogue).flatMap((entry) =>
    Object.entries(entry.precisions).map(([name, files], at) => ({
      id: at === 0 ? entry.id : `${entry.id}-${name}`,
      entry,
      precision: name as Precision,
      files,
    })),
  );
}

/** What to expect of a model on a CPU. */
export function expectationOf({ entry, files }: CatalogueModel): string {
  return [entry.expectation, files.expectation].filter((sentence) => sentence !== undefined).join(' ');
}

/** The paths of a model's files in its repository. */
export function repositoryFiles({ entry, files }: CatalogueModel): string[] {
  return [
    ...[files.vision, files.text, files.detector].filter((path) => path !== undefined),
    ...entry.settings,
  ];
}
