import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { methodConfigurationSchema } from '../protocol/methodConfiguration';
import { advantageSchema, heldOutFiguresSchema, tunedOnSchema, tuningCurveSchema } from '../protocol/tuning';
import { schemaFaults } from '../protocol/schemaFaults';
import { UserFacingError } from '../protocol/userFacingError';
import { writeWhole } from '../store/exportFormats/writeExport';
import { readSafetensors, writeSafetensors, type Tensor } from './safetensors';

const format = 'uni-ood combiner 1';

/** What a combiner file says of itself. */
export const combinerHeaderSchema = z.object({
  /** The bundle whose towers and readout it was tuned on; it fits no other. */
  bundle: z.object({ id: z.string(), version: z.string(), sha256: z.string() }),
  /** The class list it was tuned on. Its parameters know no class, so others may be scanned with it. */
  classes: z.array(z.string()).check(z.minLength(2)),
  shape: z.object({
    width: z.int().check(z.positive()),
    bottleneck: z.int().check(z.positive()),
    hidden: z.int().check(z.positive()),
  }),
  /** The form of the method it was tuned in. */
  method: methodConfigurationSchema,
  tunedOn: z.extend(tunedOnSchema, {
    /** Name of the folder, without the way to it. */
    folder: z.string(),
    /** SHA-256 of every picture it was tuned on or chosen by: they may not be measured with. */
    pictures: z.array(z.string()),
  }),
  /** On the held-out objects. */
  figures: z.object({ untuned: heldOutFiguresSchema, tuned: heldOutFiguresSchema }),
  /** Absent in files that were written before it was measured. */
  advantage: z.optional(advantageSchema),
  /** The looks of every form that was tried. */
  curves: z.optional(z.array(tuningCurveSchema)),
  generator: z.string(),
  createdAt: z.string(),
});
export type CombinerHeader = z.infer<typeof combinerHeaderSchema>;

export interface CombinerFile {
  path: string;
  header: CombinerHeader;
  tensors: Map<string, Tensor>;
  /** Of the file's bytes. */
  sha256: string;
}

/** Writes a combiner file whole or not at all: one that is there stays in force until then. @throws UserFacingError when it cannot be written. */
export async function writeCombinerFile(
  path: string,
  header: CombinerHeader,
  tensors: ReadonlyMap<string, Tensor>,
): Promise<void> {
  await writeWhole(path, writeSafetensors(tensors, { format, header: JSON.stringify(header) }));
}

/** @throws UserFacingError when the file is missing, damaged or something else. */
export async function readCombinerFile(path: string): Promise<CombinerFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserFacingError(
      code === 'ENOENT'
        ? `Combiner ${path} does not exist. Tune one, or name another file.`
        : `Combiner ${path} cannot be read: ${message}.`,
    );
  }
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    if (metadata.format !== format) throw new Error(`it is not marked as a ${format}`);
    const parsed = z.safeParse(combinerHeaderSchema, JSON.parse(metadata.header));
    if (!parsed.success) throw new Error(schemaFaults(parsed.error));
    return {
      path,
      header: parsed.data,
      tensors,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
  } catch (error) {
    throw new UserFacingError(
      `${path} is not a combiner file (${(error as Error).message}). Tune one, or name another file.`,
    );
  }
}

/** Why a combiner cannot be used with a bundle: it was tuned on another; null: it can. */
export function refusalOfCombiner(
  { path, header }: Pick<CombinerFile, 'path' | 'header'>,
  bundle: { manifest: { id: string; version: string }; sha256: string },
): string | null {
  const { id, version, sha256 } = header.bundle;
  if (sha256 === bundle.sha256) return null;
  const same = id === bundle.manifest.id && version === bundle.manifest.version;
  return same
    ? `Combiner ${path} was tuned on ${id} ${version} with another readout. Tune it again on this one.`
    : `Combiner ${path} was tuned on the model ${id} ${version}; this is ${bundle.manifest.id} ${bundle.manifest.version}. Choose that model, or tune a combiner on this one.`;
}

/** @throws UserFacingError when the combiner was tuned on another bundle. */
export function refuseForeignCombiner(...asked: Parameters<typeof refusalOfCombiner>): void {
  const refusal = refusalOfCombiner(...asked);
  if (refusal !== null) throw new UserFacingError(refusal);
}
