import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ModelFile } from '../onnx/modelFile';
import * as z from 'zod/mini';
import { schemaFaults } from '../protocol/schemaFaults';
import { UserFacingError } from '../protocol/userFacingError';
import {
  bundleManifestSchema,
  manifestFileName,
  modelFiles,
  type BundleFile,
  type BundleManifest,
  type BundleModelFile,
} from './bundleManifest';
import { readModel, sha256OfFile, type HashFile } from './exportFiles';
import { describePlainExport } from './plainExport';
import { readSafetensors, type Tensor } from './safetensors';

/** A bundle whose manifest has been read. Files are checked when they are read, never trusted by name. */
export interface Bundle {
  directory: string;
  manifest: BundleManifest;
  /** SHA-256 of the manifest, which holds the hash of every file: it names the model exactly. */
  sha256: string;
}

/**
 * Opens a bundle folder, or a plain folder of CLIP-layout exports without a manifest.
 *
 * @param hashOfFile hashes the files of a plain export.
 * @throws UserFacingError when there is no manifest and no export, or the manifest is broken.
 */
export async function openBundle(directory: string, hashOfFile: HashFile = sha256OfFile): Promise<Bundle> {
  const manifestPath = join(directory, manifestFileName);
  let text: string;
  try {
    text = await readFile(manifestPath, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR')
      throw new UserFacingError(`Model ${directory} is a file. Name the folder of a model.`);
    if (code !== 'ENOENT')
      throw new UserFacingError(
        `${manifestPath} cannot be read (${message}). Check its permissions, or choose another model.`,
      );
    const manifest = await describePlainExport(directory, {}, hashOfFile);
    return { directory, manifest, sha256: hashOf(JSON.stringify(manifest)) };
  }
  const parsed = z.safeParse(bundleManifestSchema, parseJson(text, manifestPath));
  if (!parsed.success)
    throw new UserFacingError(
      `${manifestPath} is not a valid bundle description (${schemaFaults(parsed.error)}). Get the model again, or choose another.`,
    );
  return { directory, manifest: parsed.data, sha256: hashOf(JSON.stringify(parsed.data)) };
}

/**
 * The bytes of one of a bundle's files.
 *
 * @throws UserFacingError when it is missing, or differs from what the manifest says.
 */
export async function readBundleFile(
  { directory }: Pick<Bundle, 'directory'>,
  file: BundleFile,
): Promise<Uint8Array> {
  const path = join(directory, file.file);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  if (bytes.length !== file.size || hashOf(bytes) !== file.sha256) throw damaged(path);
  return bytes;
}

/**
 * Reads one of a bundle's files against its hash, holding none of it.
 *
 * @throws UserFacingError as `readBundleFile`.
 */
export async function proveBundleFile(
  { directory }: Pick<Bundle, 'directory'>,
  file: BundleFile,
): Promise<void> {
  const path = join(directory, file.file);
  const isWhole = await stat(path)
    .then(async ({ size }) => size === file.size && (await sha256OfFile(path)) === file.sha256)
    .catch((error: NodeJS.ErrnoException) => {
      throw unreadable(path, error);
    });
  if (!isWhole) throw damaged(path);
}

/**
 * A model of a bundle, without its large weights.
 *
 * @param largest bytes of the largest weight that is in it all the same; Infinity: it holds all.
 * @throws UserFacingError as `readBundleFile`, and when it wants weights that the bundle does not name.
 */
export async function openBundleModel(
  bundle: Pick<Bundle, 'directory'>,
  model: BundleModelFile,
  largest?: number,
): Promise<ModelFile> {
  for (const file of modelFiles(model)) await proveBundleFile(bundle, file);
  const path = join(bundle.directory, model.file);
  const opened = readModel(path, largest);
  const named = (model.weights ?? []).map(({ file }) => resolve(bundle.directory, file));
  const unnamed = opened.weightFiles.find((name) => !named.includes(resolve(dirname(path), name)));
  if (unnamed === undefined) return opened;
  throw new UserFacingError(
    `Model file ${path} has weights in ${unnamed}, which ${manifestFileName} does not name. Import the folder it came from again.`,
  );
}

function unreadable(path: string, { code, message }: NodeJS.ErrnoException): UserFacingError {
  const what = code === 'ENOENT' ? 'is missing' : `cannot be read (${message})`;
  return new UserFacingError(
    `Model file ${path} ${what}. Reinstall the extension or the model, or choose another model.`,
  );
}

function damaged(path: string): UserFacingError {
  return new UserFacingError(
    `Model file ${path} is damaged: its contents differ from ${manifestFileName}. Reinstall the extension or the model, or choose another model.`,
  );
}

/**
 * The tensors of one of the bundle's files.
 *
 * @throws UserFacingError as `readBundleFile`, and when it holds no tensors.
 */
export async function readBundleTensors(bundle: Bundle, file: BundleFile): Promise<Map<string, Tensor>> {
  const bytes = await readBundleFile(bundle, file);
  try {
    return readSafetensors(bytes).tensors;
  } catch (error) {
    throw new UserFacingError(
      `Model file ${join(bundle.directory, file.file)} is not readable: ${(error as Error).message}.`,
    );
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserFacingError(`${path} is not JSON: ${(error as Error).message}.`);
  }
}

function hashOf(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex');
}
