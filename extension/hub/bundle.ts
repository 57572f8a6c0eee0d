import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { schemaFaults } from '../protocol/schemaFaults';
import { UserFacingError } from '../protocol/userFacingError';
import {
  bundleManifestSchema,
  manifestFileName,
  type BundleFile,
  type BundleManifest,
} from './bundleManifest';
import { sha256OfFile, type HashFile } from './exportFiles';
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
 * @param allocate gives the memory they are read into.
 * @throws UserFacingError when it is missing, or differs from what the manifest says.
 */
export async function readBundleFile(
  bundle: Pick<Bundle, 'directory'>,
  file: BundleFile,
  allocate: (size: number) => Buffer = (size) => Buffer.allocUnsafeSlow(size),
): Promise<Uint8Array> {
  const path = join(bundle.directory, file.file);
  let bytes: Buffer;
  try {
    bytes = await readInto(path, file.size, allocate);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const what = missing ? 'is missing' : `cannot be read (${(error as Error).message})`;
    throw new UserFacingError(
      `Model file ${path} ${what}. Reinstall the extension or the model, or choose another model.`,
    );
  }
  if (bytes.length !== file.size || createHash('sha256').update(bytes).digest('hex') !== file.sha256) {
    throw new UserFacingError(
      `Model file ${path} is damaged: its contents differ from ${manifestFileName}. Reinstall the extension or the model, or choose another model.`,
    );
  }
  return bytes;
}

/** The file's bytes; fewer where it is not of this size. */
async function readInto(path: string, size: number, allocate: (size: number) => Buffer): Promise<Buffer> {
  const file = await open(path);
  try {
    const { size: actual } = await file.stat();
    if (actual !== size) return Buffer.alloc(0);
    const bytes = allocate(size);
    for (let at = 0; at < size;) {
      const { bytesRead } = await file.read(bytes, at, size - at, at);
      if (bytesRead === 0) return bytes.subarray(0, at);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/** The tensors of the bundle's readout; none when it has no readout file. */
export async function readReadoutTensors(bundle: Bundle): Promise<Map<string, Tensor>> {
  const file = bundle.manifest.readout.tensors;
  if (!file) return new Map();
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

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
