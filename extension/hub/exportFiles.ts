import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import * as z from 'zod/mini';
import { readModelFile, type ModelFile } from '../onnx/modelFile';
import { schemaFaults } from '../protocol/schemaFaults';
import { UserFacingError } from '../protocol/userFacingError';
import type { BundleFile, BundleModelFile } from './bundleManifest';

/** SHA-256 of a file in hexadecimal. */
export type HashFile = (path: string) => Promise<string>;

/** The first of these files that is there and not empty, with its hash. */
export async function findFile(
  directory: string,
  names: readonly string[],
  hashOf: HashFile = sha256OfFile,
): Promise<BundleFile | undefined> {
  for (const file of names) {
    const path = join(directory, file);
    const size = await stat(path).then(
      (entry) => (entry.isFile() ? entry.size : undefined),
      () => undefined,
    );
    if (size) return { file, size, sha256: await hashOf(path) };
  }
  return undefined;
}

/**
 * The first of these models that is there and not empty, with the files beside it that hold weights of it.
 *
 * @throws UserFacingError when it is no model, or such a file is missing or in another folder.
 */
export async function findModelFile(
  directory: string,
  names: readonly string[],
  hashOf: HashFile = sha256OfFile,
): Promise<BundleModelFile | undefined> {
  const model = await findFile(directory, names, hashOf);
  if (!model) return undefined;
  const { weightFiles } = readModel(join(directory, model.file));
  if (weightFiles.length === 0) return model;
  const weights: BundleFile[] = [];
  for (const name of weightFiles) {
    const file = posix.join(posix.dirname(model.file), name);
    const path = join(directory, file);
    weights.push({ file, size: (await stat(path)).size, sha256: await hashOf(path) });
  }
  return { ...model, weights };
}

/** A model without its large weights. @throws UserFacingError when it cannot be read, in words. */
export function readModel(path: string, largest?: number): ModelFile {
  try {
    return readModelFile(path, largest);
  } catch (error) {
    throw new UserFacingError(`Model file ${path} cannot be used: ${(error as Error).message}`);
  }
}

/** A JSON file of an export. @throws UserFacingError when it is missing or says something else. */
export async function readSettings<T>(directory: string, name: string, schema: z.ZodMiniType<T>): Promise<T> {
  const path = join(directory, name);
  try {
    return z.parse(schema, JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.core.$ZodError ? schemaFaults(error) : (error as Error).message;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UserFacingError(
        `${directory} is no whole export: ${name} is missing. Take it from where the model came from; it says how the model is fed.`,
      );
    throw new UserFacingError(`${path} cannot be used: ${reason}`);
  }
}

/** SHA-256 of a file in hexadecimal, read as a stream. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
