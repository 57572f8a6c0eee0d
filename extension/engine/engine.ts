import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { AnnotationProblem } from '../dataset/annotations/annotations';
import { findAnnotations } from '../dataset/annotations/findAnnotations';
import { offerClassLists } from '../dataset/classLists/offerClassLists';
import { listImages } from '../dataset/images/imageFiles';
import { decodeImage } from '../dataset/images/decodeImage';
import { openBundle, type Bundle } from '../hub/bundle';
import { modelSize } from '../hub/bundleManifest';
import type { ModelSourceSettings } from '../hub/chooseSource';
import { FileHashes } from '../hub/fileHashes';
import { openDetectorBundle, type DetectorBundle } from '../hub/detectorBundle';
import type { BackgroundView } from '../pipeline/configuration';
import type { AnnotationPlace, AppliedVerdicts, VerdictRules } from '../protocol/annotations';
import type { ComparisonFile, ScanComparison } from '../protocol/comparison';
import type { Device, DeviceFallback } from '../protocol/device';
import type { ClassListOffer, ExportFormat, ExportSelection, ScanOptions } from '../protocol/engine';
import type {
  DecisionChange,
  HistoryAnswer,
  HistoryDirection,
  ObjectDetail,
  ScanReference,
  ScanSnapshot,
  ScanSummary,
} from '../protocol/scan';
import { encodeColumn } from '../protocol/columns';
import type { Likeness } from '../protocol/likeness';
import type { Explanation, Results } from '../protocol/results';
import { formatResults, writeWhole } from '../store/exportFormats/writeExport';
import { writeYolo } from '../store/exportFormats/writeYolo';
import { readImage, readObject } from '../store/objectQueries';
import { explanationsOf, resultsOf } from '../store/results';
import { leftOutAnnotations, unreadableFiles } from '../store/scanQueries';
import type { ProcessLock } from '../store/processLock';
import { ScanStore } from '../store/scanStore';
import type { PassedOver } from '../store/verdictHistory';
import { databaseName } from '../store/database';
import { isWritable, possibleStateDirectories, stateDirectoryOf } from '../store/stateDirectory';
import { folderError } from '../protocol/folderError';
import { UserFacingError } from '../protocol/userFacingError';
import { annotationPlace } from './annotations/annotationPlace';
import { applyVerdicts } from './annotations/applyVerdicts';
import { ScanAnnotations } from './annotations/scanAnnotations';
import { recalibrate } from './calibration';
import { compareScans, compareStored } from './comparison/compareScans';
import { comparisonFile } from './comparison/comparisonFile';
import { fitOnFirstScan, needsFit } from './firstFit';
import { imagesOf } from './imagesOf';
import { ModelLibrary } from './modelLibrary';
import { ModelWorkers } from './models/modelWorkers';
import { planWorkers } from './models/workerPlan';
import { objectDetail } from './objectDetail';
import { ScanLikeness } from './scanLikeness';
import { Studies } from './study/studies';
import { exists } from '../store/exists';
import { PictureCache } from './pictures';
import type { ScanListener } from './folderRun';
import { writeReport } from './report/writeReport';
import { scanFolder } from './scanFolder';

export interface EngineSettings {
  /** Holds the state of folders that cannot be written to. */
  stateDirectory: string;
  /** Directory of the bundle that comes with the product. */
  embeddedBundle: string;
  /** Threads of the towers; 0: as many as the machine offers. */
  threads: number;
  /** Where image towers compute; absent: the processor. */
  device?: Device;
  /** Holds downloaded models, and what is kept of models of any folder. */
  modelDirectory: string;
  network: ModelSourceSettings;
  /** What stored models may take, in bytes; null: as much as the disk holds. */
  modelQuota: number | null;
  version: string;
}

/** Scans, results and verdicts of any folder: what the process and the command line both run. */
export class Engine {
  private readonly stores = new Map<string, ScanStore>();
  private loaded: { names: string; models: Promise<ModelWorkers> } | undefined;
  readonly library: ModelLibrary;
  /** Tuning, measuring, and the combiners that came of it. */
  readonly studies: Studies;
  private readonly hashes: FileHashes;
  private readonly annotations = new ScanAnnotations();
  private readonly likenesses: ScanLikeness;

  constructor(
    private readonly settings: EngineSettings,
    /** Told what a person should know and no request answers: a damaged database that was moved aside. */
    private readonly notice: (sentence: string) => void = () => undefined,
    /** Told each time a model is loaded whose accelerator was left for the processor. */
    private readonly fellBack: (fallback: DeviceFallback) => void = () => undefined,
  ) {
    this.hashes = new FileHashes(join(settings.modelDirectory, 'hashes.json'));
    this.likenesses = new ScanLikeness(this.threads);
    this.library = new ModelLibrary(
      settings.embeddedBundle,
      settings.modelDirectory,
      settings.network,
      settings.modelQuota,
    );
    this.studies = new Studies({
      threads: this.threads,
      generator: this.generator,
      models: (model, background) => this.models(model, undefined, background),
      bundle: (model) => this.bundle(model),
      store: (folder) => this.store(folder),
      hasStore: (folder) => this.hasStore(folder),
      stateDirectory: (folder) => stateDirectoryOf(folder, settings.stateDirectory),
      possibleStateDirectories: (folder) => possibleStateDirectories(folder, settings.stateDirectory),
    });
  }

  /** What a folder says about itself before a scan. */
  async describeFolder(folder: string): Promise<{
    images: number;
    writable: boolean;
    classLists: ClassListOffer[];
    annotations: { format: string; source: string } | null;
    problems: AnnotationProblem[];
  }> {
    const { images } = await listImages(folder).catch((error: NodeJS.ErrnoException) => {
      throw folderError(folder, error);
    });
    const files = images.map(({ file }) => file);
    const found = await findAnnotations(folder, files);
    const { annotations } = found;
    const { offers, problems } = await offerClassLists(folder, files, found);
    return {
      images: images.length,
      writable: await isWritable(folder),
      classLists: offers,
      annotations: annotations ? { format: annotations.format, source: annotations.source } : null,
      problems: [...found.problems, ...problems],
    };
  }

  async runScan(options: ScanOptions, listener: ScanListener, signal: AbortSignal): Promise<ScanSummary> {
    const folder = resolve(options.folder);
    // What has no images is left as it is, without a folder of state.
    const found = await imagesOf(folder, signal);
    const models = await this.fittedModels({ ...options, folder }, listener, signal);
    signal.throwIfAborted();
    const store = await this.store(folder);
    const texts = join(this.settings.modelDirectory, 'texts');
    const place = { store, pictures: this.pictures(store), texts };
    return scanFolder({ ...options, folder }, found, models, place, listener, signal);
  }

  /** Scans stored in these folders, the one changed last first. */
  async listScans(folders: readonly string[]): Promise<ScanSummary[]> {
    const scans: ScanSummary[] = [];
    for (const folder of new Set(folders.map((name) => resolve(name)))) {
      if (await this.hasStore(folder)) scans.push(...(await this.store(folder)).summaries(folder));
    }
    return scans;
  }

  async removeScan({ folder, scanId }: ScanReference): Promise<void> {
    (await this.store(folder)).removeScan(scanId);
  }

  async snapshot(reference: ScanReference): Promise<ScanSnapshot> {
    const store = await this.store(reference.folder);
    const scan = store.scan(reference.scanId);
    return {
      summary: store.summary(reference),
      columns: store.columns(reference.scanId),
      calibrationScores: encodeColumn(scan.calibrationScores),
      unreadable: unreadableFiles(store.connection, reference.scanId),
      leftOut: leftOutAnnotations(store.connection, reference.scanId),
    };
  }

  /** A scan held against another one of its folder, for the review. @param other its id. */
  async compareScans(reference: ScanReference, other: string): Promise<ScanComparison> {
    return compareScans(await this.store(reference.folder), reference, other);
  }

  /** The same as a file. */
  async comparisonFile({ folder, scanId }: ScanReference, other: string): Promise<ComparisonFile> {
    const compared = compareStored(await this.store(folder), scanId, other);
    return comparisonFile(compared, this.generator, new Date().toISOString());
  }

  async object({ folder, scanId }: ScanReference, id: string): Promise<ObjectDetail> {
    const store = await this.store(folder);
    return objectDetail(store, this.pictures(store), folder, scanId, id);
  }

  /** Paths of square crops, in the order of `ids`; null where the photo cannot be read any more. */
  async thumbnails({ folder, scanId }: ScanReference, ids: readonly string[]): Promise<(string | null)[]> {
    const store = await this.store(folder);
    const pictures = this.pictures(store);
    const paths: (string | null)[] = [];
    for (const id of ids) {
      const object = readObject(store.connection, scanId, id);
      const path = pictures.thumbnailPath(object.decisionKey);
      if (!(await exists(path))) {
        const image = readImage(store.connection, scanId, object.file);
        const decoded = await decodeImage(resolve(folder, object.file)).catch(() => undefined);
        if (decoded?.sha256 !== image.sha256) {
          paths.push(null);
          continue;
        }
        await pictures.writeThumbnail(decoded.image, object.decisionKey, object.crop);
      }
      paths.push(path);
    }
    return paths;
  }

  /** Which objects of a scan look alike; kept until they change. */
  async likeness(reference: ScanReference): Promise<Likeness> {
    return this.likenesses.of(await this.store(reference.folder), reference.scanId);
  }

  /** Where an annotation file holds an object. @throws UserFacingError when none does, in words that say why. */
  async annotationPlace(reference: ScanReference, id: string): Promise<AnnotationPlace> {
    const store = await this.store(reference.folder);
    return annotationPlace(store, this.annotations, reference, id);
  }

  /** Writes a copy of a scan's annotations with its verdicts applied. @throws UserFacingError when it cannot. */
  async applyVerdicts(
    reference: ScanReference,
    rules: VerdictRules,
    output: string,
  ): Promise<AppliedVerdicts> {
    const store = await this.store(reference.folder);
    return applyVerdicts(store, this.annotations, reference, rules, output);
  }

  /** Stores verdicts, and tells what was passed over. */
  async decide(
    reference: ScanReference,
    changes: readonly DecisionChange[],
  ): Promise<PassedOver & { summary: ScanSummary }> {
    const store = await this.store(reference.folder);
    const passedOver = store.decide(reference.scanId, changes, new Date().toISOString());
    return { summary: store.summary(reference), ...passedOver };
  }

  /** Undoes the folder's last step of verdicts, or does the one undone last again. @param step the only one that it may be. */
  async moveInHistory(
    reference: ScanReference,
    direction: HistoryDirection,
    step?: string,
  ): Promise<HistoryAnswer> {
    const store = await this.store(reference.folder);
    const moved = store.moveInHistory(reference.scanId, direction, step);
    return { ...moved, summary: store.summary(reference) };
  }

  async setThreshold(reference: ScanReference, value: number | null): Promise<ScanSummary> {
    const store = await this.store(reference.folder);
    store.setUserThreshold(reference.scanId, value);
    return store.summary(reference);
  }

  /** Whether classes that were calibrated by themselves are flagged by their own δ. */
  async setThresholdPerClass(reference: ScanReference, chosen: boolean): Promise<ScanSummary> {
    const store = await this.store(reference.folder);
    store.setThresholdPerClass(reference.scanId, chosen);
    return store.summary(reference);
  }

  /**
   * Calibrates δ anew at another rate, on the objects that are stored; one that was set by hand is taken back.
   *
   * @param rate in (0, 1].
   * @throws UserFacingError where the scan was not calibrated; nothing is changed then.
   */
  async setTruePositiveRate(reference: ScanReference, rate: number): Promise<ScanSummary> {
    const store = await this.store(reference.folder);
    recalibrate(store, reference.scanId, rate);
    return store.summary(reference);
  }

  async results({ folder, scanId }: ScanReference, only: ExportSelection): Promise<Results> {
    const store = await this.store(folder);
    return resultsOf(store.connection, scanId, only, this.generator, new Date().toISOString());
  }

  async explanations({ folder, scanId }: ScanReference): Promise<Generator<Explanation>> {
    return explanationsOf((await this.store(folder)).connection, scanId);
  }

  /** A report as text, piece by piece, and how many objects it shows. @param progressed told how many are done. */
  async report(
    reference: ScanReference,
    only: ExportSelection,
    progressed: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<{ objects: number; text: AsyncGenerator<string> }> {
    const { generator, createdAt, objects } = await this.results(reference, only);
    const contents = {
      ...{ generator, createdAt, only, objects },
      snapshot: await this.snapshot(reference),
      likeness: await this.likeness(reference),
      detailOf: (id: string) => this.object(reference, id),
    };
    const text = writeReport(contents, (done) => progressed(done, objects.length), signal);
    return { objects: objects.length, text };
  }

  /**
   * @param output a file, or a folder where the format is several.
   * @param progressed told how much of a report is done.
   * @returns how many objects were written.
   */
  async export(
    reference: ScanReference,
    format: ExportFormat,
    only: ExportSelection,
    output: string,
    progressed: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<number> {
    if (format === 'html') {
      const { objects, text } = await this.report(reference, only, progressed, signal);
      await writeWhole(output, text);
      return objects;
    }
    const results = await this.results(reference, only);
    if (format === 'yolo') return writeYolo(output, results);
    await writeWhole(output, formatResults(results, format));
    return results.objects.length;
  }

  /**
   * The models of a bundle and a detector, by id or directory; those used last stay loaded.
   *
   * @param detector absent: the bundle's own, else the embedded bundle's.
   * @param background the form of the background the image tower has to serve.
   * @throws UserFacingError when there are none of these names, or they cannot be used.
   */
  async models(
    model?: string,
    detector?: string,
    background: BackgroundView = 'masked',
  ): Promise<ModelWorkers> {
    const bundle = await this.bundle(model);
    const { directory } = bundle;
    const detectorDirectory =
      detector !== undefined
        ? await this.library.directoryOf(detector, 'detector')
        : bundle.manifest.detector
          ? directory
          : this.settings.embeddedBundle;
    const chosen = await openDetectorBundle(detectorDirectory, this.hashes.of);
    const names = `${bundle.directory}\n${bundle.sha256}\n${chosen.directory}\n${chosen.sha256}\n${background}`;
    if (this.loaded?.names !== names) {
      await this.loaded?.models.then((models) => models.dispose()).catch(() => undefined);
      this.loaded = { names, models: this.load(bundle, chosen, background) };
    }
    try {
      return await this.loaded.models;
    } catch (error) {
      this.loaded = undefined; // the next attempt reads the files again
      throw error;
    }
  }

  /** As `models`; a stored model without a readout gets one from the folder it is used on first. */
  private async fittedModels(
    options: ScanOptions,
    listener: ScanListener,
    signal: AbortSignal,
  ): Promise<ModelWorkers> {
    const wanted = [options.model, options.detector, options.configuration?.views?.background] as const;
    const models = await this.models(...wanted);
    if (!needsFit(models.bundle) || !this.library.isStored(models.bundle.directory)) return models;
    let lock: ProcessLock;
    try {
      lock = await this.library.fittingLock(signal);
    } catch (error) {
      if (!(error instanceof UserFacingError)) throw error;
      this.notice(`The readout of ${models.bundle.manifest.id} is not fitted. ${error.message}`);
      return models;
    }
    try {
      // Another process may have fitted it meanwhile.
      const said = await fitOnFirstScan(
        () => this.models(...wanted),
        options,
        (what) => listener.preparing(what),
        signal,
      );
      if (said !== null) this.notice(said);
    } finally {
      lock.release();
    }
    return this.models(...wanted);
  }

  async dispose(): Promise<void> {
    await this.loaded?.models.then((models) => models.dispose()).catch(() => undefined);
    for (const store of this.stores.values()) store.close();
    this.stores.clear();
  }

  private get threads(): number {
    return this.settings.threads || availableParallelism();
  }

  private get generator(): string {
    return `uni-ood ${this.settings.version}`;
  }

  private async load(
    bundle: Bundle,
    detector: DetectorBundle,
    background: BackgroundView,
  ): Promise<ModelWorkers> {
    // The embedded detector is small; another may be the larger of the two.
    const size = Math.max(modelSize(bundle.manifest.vision), modelSize(detector.detector));
    const plan = planWorkers(this.settings.threads, availableParallelism(), size);
    const { device = 'cpu' } = this.settings;
    const models = await ModelWorkers.load(bundle, detector, plan, { background, device });
    const { fallback: sentence } = models;
    if (sentence !== null) this.fellBack({ model: bundle.manifest.id, wanted: device, sentence });
    return models;
  }

  /** @param model id or directory; absent: the embedded bundle. */
  private async bundle(model?: string): Promise<Bundle> {
    return openBundle(await this.library.directoryOf(model, 'towers'), this.hashes.of);
  }

  /** Whether anything of a folder is stored already. */
  private async hasStore(folder: string): Promise<boolean> {
    const directories = await possibleStateDirectories(folder, this.settings.stateDirectory);
    return directories.some((directory) => existsSync(`${directory}/${databaseName}`));
  }

  private async store(folder: string): Promise<ScanStore> {
    const known = this.stores.get(folder);
    if (known) return known;
    const store = ScanStore.open(await stateDirectoryOf(folder, this.settings.stateDirectory));
    if (store.movedAside)
      this.notice(
        `The database of ${folder} was damaged. It was moved to ${store.movedAside}, and a new one was begun.`,
      );
    const other = this.stores.get(folder); // opened while this one waited
    if (other) store.close();
    else this.stores.set(folder, store);
    return other ?? store;
  }

  private pictures(store: ScanStore): PictureCache {
    return new PictureCache(`${store.directory}/cache`);
  }
}
