import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openBundle, proveBundleFile } from '../hub/bundle';
import {
  bundleFiles,
  detectorFiles,
  detectorManifestName,
  manifestFileName,
  type BundleFile,
} from '../hub/bundleManifest';
import { openDetectorBundle, readDetectorManifest } from '../hub/detectorBundle';
import { exists } from '../store/exists';
import { catalogueModels, expectationOf, type CatalogueModel } from '../hub/catalogue';
import { chooseSource, type ModelSourceSettings } from '../hub/chooseSource';
import { importModel } from '../hub/importModel';
import { refuseBeyondQuota } from '../hub/modelQuota';
import { ModelCache, type CachedModel } from '../hub/modelCache';
import { sha256OfFile } from '../hub/exportFiles';
import { planPull, pullModel, type PullOptions, type PullPlan, type PullProgress } from '../hub/pullModel';
import type { ModelListing } from '../protocol/models';
import { UserFacingError } from '../protocol/userFacingError';
import { loadImageModels, loadTextTower } from './models/imageModels';
import { soundTexts } from './models/soundTexts';
import { int8Conversion } from './int8Conversion';
import { ProcessLock } from '../store/processLock';

/** Milliseconds between two looks whether another process has ended its download. */
const lookEvery = 300;

/** Locks of the folder of models. */
const storing = 'downloading.lock';
const fitting = 'fitting.lock';
const probeClasses = ['cat', 'dog'];

/** The models of this computer and those that could be: the embedded one, downloaded ones, the catalogue. */
export class ModelLibrary {
  private readonly cache: ModelCache;

  constructor(
    private readonly embedded: string,
    directory: string,
    private readonly network: ModelSourceSettings,
    /** What stored models may take, in bytes; null: as much as the disk holds. */
    private readonly quota: number | null,
  ) {
    this.cache = new ModelCache(directory);
  }

  get directory(): string {
    return this.cache.directory;
  }

  /** The embedded model, then those that are here, then those that could be downloaded. */
  async list(): Promise<ModelListing[]> {
    const stored = await this.cache.list();
    const { manifest } = await openBundle(this.embedded);
    const size = bundleFiles(manifest).reduce((sum, file) => sum + file.size, 0);
    const embedded: ModelListing = {
      id: manifest.id,
      title: `${manifest.id} (embedded)`,
      kind: 'towers',
      state: 'embedded',
      bytes: size,
      licence: manifest.licence,
      source: manifest.source,
      expectation: 'Comes with the extension; small and fast.',
      broken: null,
    };
    const offered = catalogueModels().filter(({ id }) => !stored.some((model) => model.id === id));
    return [embedded, ...stored.map(listingOfStored), ...offered.map(listingOfOffered)];
  }

  /** The directory of a model that is named by its id or by its directory; absent: the embedded one. */
  async directoryOf(spec: string | undefined, kind: 'towers' | 'detector'): Promise<string> {
    if (spec === undefined) return this.embedded;
    const isDirectory = (await stat(resolve(spec)).catch(() => undefined)) !== undefined;
    if (isDirectory) return resolve(spec);
    if (await this.cache.has(spec)) return this.cache.bundlePath(spec);
    if ((await openBundle(this.embedded)).manifest.id === spec) return this.embedded;
    const offered = catalogueModels().find(({ id }) => id === spec);
    if (offered)
      throw new UserFacingError(
        `${offered.entry.title} has not been downloaded yet (about ${offered.files.megabytes} MB). Get it with UNI-OOD: Get Models… or: uni-ood models pull ${spec}`,
      );
    const what = kind === 'towers' ? 'Model' : 'Detector';
    throw new UserFacingError(
      `${what} ${spec} does not exist: it is neither a folder nor the id of a model. See the ids with: uni-ood models list`,
    );
  }

  /** Whether a directory is that of a stored model, which the product may write to. */
  isStored(directory: string): boolean {
    return directory.startsWith(join(this.cache.directory, 'bundles'));
  }

  /** What would be downloaded, and how much, before a byte of it is. */
  async plan(
    id: string,
    options: PullOptions,
    signal: AbortSignal,
  ): Promise<{ total: number; missing: number; from: string }> {
    const source = chooseSource(this.network);
    const model = this.offered(id);
    const { total, missing } = await planPull(model, source, this.cache, options, signal);
    await this.refuseBeyondQuota(titleOf(model), missing);
    return { total, missing, from: source.name };
  }

  /**
   * Downloads a model. One process downloads at a time; the others wait, and find what they wanted.
   *
   * @throws UserFacingError as `pullModel`, and when it takes more than models may; the signal's reason when aborted.
   */
  async pull(
    id: string,
    options: PullOptions,
    progressed: (progress: PullProgress) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const model = this.offered(id);
    const fits = ({ missing }: PullPlan): Promise<void> => this.refuseBeyondQuota(titleOf(model), missing);
    await held(await this.lock(storing, signal), () =>
      pullModel(model, chooseSource(this.network), this.cache, options, progressed, signal, fits),
    );
  }

  /** Reads every file of a model against its hash. @throws UserFacingError naming the first that differs. */
  async verify(id: string): Promise<number> {
    const stored = (await this.cache.list()).find((model) => model.id === id);
    if (!stored) {
      const directory = await this.directoryOf(id, 'towers');
      const files = await namedFiles(directory);
      for (const file of files) await proveBundleFile({ directory }, file);
      return files.length;
    }
    if (stored.broken) throw new UserFacingError(stored.broken);
    for (const { file, sha256 } of stored.files) {
      const path = join(stored.directory, file);
      const found = await sha256OfFile(path).catch(() => null);
      if (found !== sha256)
        throw new UserFacingError(
          `${path} ${found === null ? 'is missing' : 'is damaged: its contents are not what was downloaded'}. Remove the model and get it again: uni-ood models remove ${id}`,
        );
    }
    return stored.files.length;
  }

  /** @returns the bytes that became free. @throws UserFacingError when there is no such model. */
  async remove(id: string): Promise<number> {
    // Also one that cannot be used.
    if (!(await this.cache.list()).some((model) => model.id === id))
      throw new UserFacingError(`There is no stored model ${id}. See: uni-ood models list`);
    return this.whileNothingIsStored(() => this.cache.remove(id));
  }

  /**
   * Copies a folder with a model to the stored ones.
   *
   * @param folder or, for another form of it, the id of a stored model.
   * @param int8 whether its image tower is to compute in 8-bit integers, in the form that suits this processor.
   * @returns the id. @throws UserFacingError as `importModel`, and when it cannot be opened; nothing is stored then.
   */
  async import(folder: string, id: string | undefined, int8 = false): Promise<string> {
    const isStored = int8 && (await this.cache.has(folder));
    const place = isStored ? this.cache.bundlePath(folder) : resolve(folder);
    return held(await this.lock(storing), async () => {
      const conversion = int8 ? await int8Conversion() : undefined;
      const fits = (bytes: number): Promise<void> => this.refuseBeyondQuota(place, bytes);
      const name = await importModel(place, this.cache, id, conversion, fits);
      await this.prove(name).catch(async (error: unknown) => {
        await this.cache.remove(name);
        if (!(error instanceof UserFacingError)) throw error;
        throw new UserFacingError(error.message.replaceAll(this.cache.bundlePath(name), place));
      });
      return name;
    });
  }

  /**
   * Waits for the right to fit a stored model, which one process has at a time.
   *
   * @throws UserFacingError when the folder of models cannot be written to; the signal's reason when aborted.
   */
  fittingLock(signal: AbortSignal): Promise<ProcessLock> {
    return this.lock(fitting, signal);
  }

  /** Opens a stored model as a scan does. @throws UserFacingError when it cannot be used. */
  private async prove(id: string): Promise<void> {
    const directory = this.cache.bundlePath(id);
    const isDetector = (await this.cache.list()).some(
      (model) => model.id === id && model.kind === 'detector',
    );
    const bundle = await openBundle(isDetector ? this.embedded : directory);
    const detector = await openDetectorBundle(isDetector ? directory : this.embedded);
    const images = await loadImageModels(bundle, detector, { threads: 1 });
    const { dimension } = images.imageTower.facts;
    await images.dispose();
    if (isDetector) return;
    const texts = await loadTextTower(bundle, 1);
    try {
      await soundTexts(bundle, dimension, () => texts.classTexts(probeClasses, ['a photo of a {}']));
    } finally {
      await texts.dispose();
    }
  }

  /** Bytes in use, and how many may be; null: as many as the disk holds. */
  async usage(): Promise<{ models: number; unfinished: number; quota: number | null }> {
    return { ...(await this.cache.usage()), quota: this.quota };
  }

  /** Forgets what broken-off downloads left. @throws UserFacingError while another process stores a model. */
  dropUnfinished(): Promise<void> {
    return this.whileNothingIsStored(() => this.cache.dropUnfinished());
  }

  /** What a download that runs has brought so far looks like what one left behind. */
  private async whileNothingIsStored<T>(work: () => Promise<T>): Promise<T> {
    const lock = await this.openLock(storing);
    if (!lock)
      throw new UserFacingError(
        'Another window or command is downloading or importing a model. Wait until that ends, or stop it, and try again.',
      );
    return held(lock, work);
  }

  /** @param coming bytes. */
  private async refuseBeyondQuota(title: string, coming: number): Promise<void> {
    const { models } = await this.cache.usage();
    refuseBeyondQuota(title, coming, models, this.quota, await this.cache.list());
  }

  private offered(id: string): CatalogueModel {
    const found = catalogueModels().find((model) => model.id === id);
    if (found) return found;
    throw new UserFacingError(`There is no model ${id} to download. See: uni-ood models list`);
  }

  private async lock(name: string, signal?: AbortSignal): Promise<ProcessLock> {
    for (;;) {
      const lock = await this.openLock(name);
      if (lock) return lock;
      await wait(lookEvery, undefined, { signal });
    }
  }

  /** @returns null while another has it. @throws UserFacingError when the folder of models cannot be written to. */
  private async openLock(name: string): Promise<ProcessLock | null> {
    try {
      await mkdir(this.cache.directory, { recursive: true });
      return ProcessLock.acquire(join(this.cache.directory, name));
    } catch (error) {
      throw new UserFacingError(
        `The folder of models ${this.cache.directory} cannot be written to (${(error as Error).message}). Check its permissions, or set UNI_OOD_MODELS to another.`,
      );
    }
  }
}

/** Does `work` while a lock is held, and releases it. */
async function held<T>(lock: ProcessLock, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** The files that a folder's own description names with their hashes. @throws UserFacingError when it has none. */
async function namedFiles(directory: string): Promise<BundleFile[]> {
  if (await exists(join(directory, detectorManifestName)))
    return detectorFiles((await readDetectorManifest(directory)).detector);
  if (await exists(join(directory, manifestFileName)))
    return bundleFiles((await openBundle(directory)).manifest);
  throw new UserFacingError(
    `${directory} has no description with hashes, so there is nothing to hold its files against. Import it, and the stored model is held to what they are now.`,
  );
}

function listingOfStored({ id, kind, size, licence, source, broken }: CachedModel): ModelListing {
  const known = catalogueModels().find((model) => model.id === id);
  return {
    id,
    title: known ? titleOf(known) : id,
    kind,
    state: 'stored',
    bytes: size,
    licence,
    source,
    expectation: known ? expectationOf(known) : '',
    broken,
  };
}

function listingOfOffered(model: CatalogueModel): ModelListing {
  const { id, entry, files } = model;
  return {
    id,
    title: titleOf(model),
    kind: entry.kind,
    state: 'offered',
    bytes: files.megabytes * 1e6,
    licence: entry.licence,
    source: entry.repository,
    expectation: expectationOf(model),
    broken: null,
  };
}

function titleOf({ entry, precision }: CatalogueModel): string {
  return `${entry.title}, ${precision}`;
}
