import { cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserFacingError } from '../protocol/userFacingError';
import { openBundle } from './bundle';
import {
  bundleFiles,
  detectorFiles,
  detectorManifestName,
  manifestFileName,
  type BundleFile,
} from './bundleManifest';
import { diskFaultInWords } from './diskFault';
import { sha256OfFile } from './exportFiles';
import { describeOwlExport, isOwlExport, openDetectorBundle } from './detectorBundle';
import { exists } from '../store/exists';
import type { ModelCache } from './modelCache';
import { describePlainExport } from './plainExport';

/**
 * Copies a folder with an export or a bundle into the cache, described by a manifest, so that it can be named by its id.
 *
 * @param id letters, digits, `-`, `_` and `.`; absent: the folder's name.
 * @returns the id.
 * @throws UserFacingError when the folder holds no model, or a model of this id is there already.
 */
export async function importModel(folder: string, cache: ModelCache, id?: string): Promise<string> {
  const directory = resolve(folder);
  if (!(await stat(directory).catch(() => undefined))?.isDirectory())
    throw new UserFacingError(`${directory} is no folder. Name the folder of a model.`);
  const name = id ?? basename(directory);
  if (!/^[\w][\w.-]*$/.test(name))
    throw new UserFacingError(
      `"${name}" cannot be the id of a model: use letters, digits, "-", "_" and ".".`,
    );
  if (await cache.has(name))
    throw new UserFacingError(
      `There is a model ${name} already. Remove it first, or import under another id (--id).`,
    );
  const { file, manifest, files } = await described(directory);
  const stored: { path: string; sha256: string }[] = [];
  try {
    for (const { file: path, sha256 } of files) {
      await keepCopy(join(directory, path), sha256, cache);
      stored.push({ path, sha256 });
    }
    await cache.assemble(name, stored, (place) =>
      writeFile(join(place, file), `${JSON.stringify({ ...manifest, id: name }, null, 2)}\n`),
    );
  } catch (error) {
    throw diskFaultInWords(error, cache.bundlePath(name), `${directory} is as it was`);
  }
  return name;
}

async function described(
  directory: string,
): Promise<{ file: string; manifest: object; files: BundleFile[] }> {
  if (await exists(join(directory, detectorManifestName))) {
    const { detector, id, version } = await openDetectorBundle(directory);
    const manifest = {
      format: 1,
      id,
      version,
      detector,
      licence: 'as given by its maker',
      source: directory,
    };
    return { file: detectorManifestName, manifest, files: detectorFiles(detector) };
  }
  if (await exists(join(directory, manifestFileName))) {
    const { manifest } = await openBundle(directory);
    return { file: manifestFileName, manifest, files: bundleFiles(manifest) };
  }
  if (await isOwlExport(directory)) {
    const manifest = await describeOwlExport(directory);
    return { file: detectorManifestName, manifest, files: detectorFiles(manifest.detector) };
  }
  const manifest = await describePlainExport(directory);
  return { file: manifestFileName, manifest, files: bundleFiles(manifest) };
}

/** @throws UserFacingError when the file is not what its description says. */
async function keepCopy(path: string, sha256: string, cache: ModelCache): Promise<void> {
  if (await exists(cache.blobPath(sha256))) return;
  const incoming = cache.incomingPath(sha256);
  await mkdir(dirname(incoming), { recursive: true });
  await cp(path, incoming);
  if ((await sha256OfFile(incoming)) !== sha256)
    throw new UserFacingError(
      `${path} is damaged: its contents differ from its description. Get the model again.`,
    );
  await cache.keep(incoming, sha256);
}
