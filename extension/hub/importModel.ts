import { createHash } from 'node:crypto';
import { cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserFacingError } from '../protocol/userFacingError';
import { openBundle, openBundleModel } from './bundle';
import {
  bundleFiles,
  detectorFiles,
  detectorManifestName,
  manifestFileName,
  type BundleFile,
  type BundleManifest,
} from './bundleManifest';
import { diskFaultInWords } from './diskFault';
import { sha256OfFile } from './exportFiles';
import { describeOwlExport, isOwlExport, readDetectorManifest } from './detectorBundle';
import { exists } from '../store/exists';
import { isModelId, type ModelCache } from './modelCache';
import { describePlainExport } from './plainExport';

/** Another form of an image tower that is made when it is imported. */
export interface TowerConversion {
  /** Short; it ends the names of the model and its file. */
  name: string;
  /** What the model's origin says of it. */
  note: string;
  convert: (model: Uint8Array) => Uint8Array;
}

/** What the manifest of a folder would say. */
interface Description {
  file: string;
  manifest: object;
  files: BundleFile[];
  /** Absent: a detector. */
  towers?: BundleManifest;
}

/**
 * Copies a folder with an export or a bundle into the cache, described by a manifest, so that it can be named by its id.
 *
 * @param id letters, digits, `-`, `_` and `.`; absent: the folder's name.
 * @param conversion of the image tower, absent: none.
 * @param planned told the bytes that are to be stored, before one is; what it throws ends the import.
 * @returns the id.
 * @throws UserFacingError when the folder holds no model, or a model of this id is there already.
 */
export async function importModel(
  folder: string,
  cache: ModelCache,
  id?: string,
  conversion?: TowerConversion,
  planned: (bytes: number) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const directory = resolve(folder);
  if (!(await stat(directory).catch(() => undefined))?.isDirectory())
    throw new UserFacingError(`${directory} is no folder. Name the folder of a model.`);
  const name = id ?? `${basename(directory)}${conversion ? `-${conversion.name}` : ''}`;
  if (!isModelId(name))
    throw new UserFacingError(
      `"${name}" cannot be the id of a model: give it one of letters, digits, "-", "_" and "." (--id), that does not end in ".part".`,
    );
  if (await cache.has(name))
    throw new UserFacingError(
      `There is a model ${name} already. Remove it first, or import under another id (--id).`,
    );
  const found = await described(directory);
  await planned(await cache.missing(found.files));
  const stored: { path: string; sha256: string }[] = [];
  try {
    const { file, manifest, files } = conversion
      ? await converted(directory, found, conversion, cache)
      : found;
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

async function described(directory: string): Promise<Description> {
  if (await exists(join(directory, detectorManifestName))) {
    const manifest = await readDetectorManifest(directory);
    return { file: detectorManifestName, manifest, files: detectorFiles(manifest.detector) };
  }
  if (await exists(join(directory, manifestFileName))) {
    const { manifest } = await openBundle(directory);
    return { file: manifestFileName, manifest, files: bundleFiles(manifest), towers: manifest };
  }
  if (await isOwlExport(directory)) {
    const manifest = await describeOwlExport(directory);
    return { file: detectorManifestName, manifest, files: detectorFiles(manifest.detector) };
  }
  const manifest = await describePlainExport(directory);
  return { file: manifestFileName, manifest, files: bundleFiles(manifest), towers: manifest };
}

/** The description with the image tower converted, whose file is in the cache already. */
async function converted(
  directory: string,
  { file, towers }: Description,
  { name, note, convert }: TowerConversion,
  cache: ModelCache,
): Promise<Description> {
  if (!towers)
    throw new UserFacingError(`${directory} holds a detector; only image towers are converted to ${name}.`);
  const { vision } = towers;
  const bytes = inOwnWords(
    join(directory, vision.file),
    convert,
    (await openBundleModel({ directory }, vision, Infinity)).model,
  );
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const incoming = cache.incomingPath(sha256);
  await mkdir(dirname(incoming), { recursive: true });
  await writeFile(incoming, bytes);
  await cache.keep(incoming, sha256);
  const manifest = {
    ...towers,
    version: `${towers.version}+${name}`,
    source: `${towers.source}, ${note}`,
    vision: {
      ...vision,
      file: vision.file.replace(/(\.onnx)?$/, `_${name}.onnx`),
      size: bytes.length,
      sha256,
      weights: undefined,
    },
  };
  return { file, manifest, files: bundleFiles(manifest), towers: manifest };
}

function inOwnWords(path: string, convert: TowerConversion['convert'], bytes: Uint8Array): Uint8Array {
  try {
    return convert(bytes);
  } catch (error) {
    throw new UserFacingError(`Model file ${path} cannot be converted: ${(error as Error).message}`);
  }
}

/** @throws UserFacingError when the file is not what its description says. */
async function keepCopy(path: string, sha256: string, cache: ModelCache): Promise<void> {
  if (await cache.holds(sha256)) return;
  const incoming = cache.incomingPath(sha256);
  await mkdir(dirname(incoming), { recursive: true });
  await cp(path, incoming);
  if ((await sha256OfFile(incoming)) !== sha256)
    throw new UserFacingError(
      `${path} is damaged: its contents differ from its description. Get the model again.`,
    );
  await cache.keep(incoming, sha256);
}
