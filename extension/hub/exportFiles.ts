import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { schemaFaults } from '../protocol/schemaFaults';
import { UserFacingError } from '../protocol/userFacingError';
import type { BundleFile } from './bundleManifest';

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

/** A JSON file of an export. @throws UserFacingError when it is missing or says something else. */
export async function readSettings<T>(directory: string, name: string, schema: z.ZodMiniType<T>): Promise<T> {
  const path = join(directory, name);
  try {
    return z.parse(schema, JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.core.$ZodError ? schemaFaults(error) : (error as Error).message;
    throw new UserFacingError(`${path} cannot be used: ${reason}`);
  }
}

/** SHA-256 of a file in hexadecimal, read as a stream. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
