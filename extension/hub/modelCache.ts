import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { exists } from '../store/exists';
import { openBundle } from './bundle';
import {
  bundleFiles,
  detectorFiles,
  detectorManifestName,
  manifestFileName,
  type BundleFile,
} from './bundleManifest';
import { readDetectorManifest } from './detectorBundle';
import { sha256OfFile } from './exportFiles';

/** Ends the name of a model's folder while it is made. */
const draftEnding = '.part';

/** A stored model, for lists. */
export interface CachedModel {
  id: string;
  directory: string;
  /** Bytes of its files. */
  size: number;
  kind: 'towers' | 'detector';
  version: string;
  licence: string;
  source: string;
  files: BundleFile[];
  /** Why it cannot be used; null when it can. */
  broken: string | null;
}

/** Where this person's models lie: one place for every workspace, window and the command line. */
export function userModelDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.UNI_OOD_MODELS) return environment.UNI_OOD_MODELS;
  if (process.platform === 'win32')
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData/Local'), 'uni-ood/models');
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/uni-ood/models');
  return join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'uni-ood/models');
}

/**
 * Models on this computer: contents by their SHA-256 in `blobs`, and a folder a model in `bundles` whose files are links
 * to them, so that what two models share is stored once.
 */
export class ModelCache {
  constructor(readonly directory: string) {}

  get lockPath(): string {
    return join(this.directory, 'lock.json');
  }

  blobPath(sha256: string): string {
    return join(this.directory, 'blobs', sha256);
  }

  /** Where a file is received before its hash is known. */
  incomingPath(name: string): string {
    return join(this.directory, 'incoming', name);
  }

  bundlePath(id: string): string {
    return join(this.directory, 'bundles', id);
  }

  async has(id: string): Promise<boolean> {
    if (!isModelId(id)) return false;
    const directory = this.bundlePath(id);
    return (await exists(join(directory, manifestFileName))) || exists(join(directory, detectorManifestName));
  }

  /** Whether these contents are here, and are what their name says; what is not, is removed. */
  async holds(sha256: string): Promise<boolean> {
    const path = this.blobPath(sha256);
    if (!(await exists(path))) return false;
    if ((await sha256OfFile(path)) === sha256) return true;
    await rm(path, { force: true });
    return false;
  }

  /** Bytes of files that are not here; those without a hash are taken for missing. */
  async missing(files: readonly { size: number; sha256: string | undefined }[]): Promise<number> {
    let missing = 0;
    for (const { size, sha256 } of files)
      if (sha256 === undefined || !(await exists(this.blobPath(sha256)))) missing += size;
    return missing;
  }

  /** Moves a received file to its contents' place. */
  async keep(incoming: string, sha256: string): Promise<void> {
    await mkdir(join(this.directory, 'blobs'), { recursive: true });
    await rename(incoming, this.blobPath(sha256));
  }

  /**
   * Makes a model's folder of stored contents, whole or not at all; a former one of this name is replaced.
   *
   * @param describe writes what else belongs in the folder, its `bundle.json` last.
   */
  async assemble(
    id: string,
    files: readonly { path: string; sha256: string }[],
    describe: (directory: string) => Promise<void>,
  ): Promise<void> {
    const draft = `${this.bundlePath(id)}.${process.pid}${draftEnding}`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    try {
      for (const { path, sha256 } of files) {
        await mkdir(dirname(join(draft, path)), { recursive: true });
        await linkOrCopy(this.blobPath(sha256), join(draft, path));
      }
      await describe(draft);
      await rm(this.bundlePath(id), { recursive: true, force: true });
      await rename(draft, this.bundlePath(id));
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  /** Stored models, by id. */
  async list(): Promise<CachedModel[]> {
    const names = await readdir(join(this.directory, 'bundles')).catch(() => []);
    const models: CachedModel[] = [];
    for (const id of names.filter((name) => !name.endsWith(draftEnding)).sort()) {
      const directory = this.bundlePath(id);
      models.push({ id, directory, size: await sizeOf(directory), ...(await describedIn(directory)) });
    }
    return models;
  }

  /** Removes a model and every content no other model uses. @returns the bytes that became free. @throws RangeError for what is no id. */
  async remove(id: string): Promise<number> {
    if (!isModelId(id)) throw new RangeError(`${id} is no id of a model`);
    const before = await sizeOf(join(this.directory, 'blobs'));
    await rm(this.bundlePath(id), { recursive: true, force: true });
    await this.clean();
    return before - (await sizeOf(join(this.directory, 'blobs')));
  }

  /** Bytes in use; unfinished downloads, and contents that no model uses, apart. */
  async usage(): Promise<{ models: number; unfinished: number }> {
    const all = await sizeOf(join(this.directory, 'blobs'));
    let unused = 0;
    for (const name of await this.unused()) unused += (await stat(this.blobPath(name))).size;
    const incoming = await sizeOf(join(this.directory, 'incoming'));
    return { models: all - unused, unfinished: unused + incoming };
  }

  /** Forgets unfinished downloads, and contents that no model uses. */
  async dropUnfinished(): Promise<void> {
    await rm(join(this.directory, 'incoming'), { recursive: true, force: true });
    await this.clean();
  }

  private async clean(): Promise<void> {
    for (const name of await this.unused()) await rm(this.blobPath(name), { force: true });
  }

  /** Contents that no model uses, by their SHA-256. */
  private async unused(): Promise<string[]> {
    const used = new Set<string>();
    for (const { files } of await this.list()) for (const { sha256 } of files) used.add(sha256);
    const names = await readdir(join(this.directory, 'blobs')).catch(() => []);
    return names.filter((name) => !used.has(name));
  }
}

async function describedIn(directory: string): Promise<Omit<CachedModel, 'id' | 'directory' | 'size'>> {
  const isDetector = await exists(join(directory, detectorManifestName));
  const kind = isDetector ? 'detector' : 'towers';
  try {
    if (isDetector) {
      const { detector, ...about } = await readDetectorManifest(directory);
      return { kind, ...about, files: detectorFiles(detector), broken: null };
    }
    const { manifest } = await openBundle(directory);
    return { kind, ...manifest, files: bundleFiles(manifest), broken: null };
  } catch (error) {
    return { kind, version: '', licence: '', source: '', files: [], broken: (error as Error).message };
  }
}

/** Letters, digits, `-`, `_` and `.`: no path, which could lead out of the cache. */
export const isModelId = (id: string): boolean => /^\w[\w.-]*$/.test(id) && !id.endsWith(draftEnding);

/** File systems without links get a copy. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}

async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  let size = 0;
  for (const entry of entries)
    if (entry.isFile())
      size += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  return size;
}
