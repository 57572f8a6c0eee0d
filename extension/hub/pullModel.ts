import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserFacingError } from '../protocol/userFacingError';
import { openBundle, proveBundleFile } from './bundle';
import {
  detectorManifestName,
  manifestFileName,
  type BundleManifest,
  type ReadoutManifest,
} from './bundleManifest';
import { repositoryFiles, type CatalogueModel } from './catalogue';
import { describeOwlExport } from './detectorBundle';
import { diskFaultInWords } from './diskFault';
import { downloadFile, patiently } from './download';
import { ModelLockFile, type LockedRepository } from './lockFile';
import type { ModelCache } from './modelCache';
import { mirrorCommit } from './mirrorSource';
import type { ModelSource, SourceFile } from './modelSource';
import { describePlainExport } from './plainExport';

export interface PullProgress {
  /** The file under way. */
  file: string;
  /** Bytes of the whole model: here already, and all. */
  received: number;
  total: number;
}

export interface PullOptions {
  /** A person said that changed contents are to be taken. */
  acceptChange: boolean;
}

/** How often a source is asked what a model consists of: no one waits minutes to be told that there is no network. */
const lookUpTries = 3;

/** Larger files are no model of this catalogue. */
const largestFile = 4 * 2 ** 30;

/** What a pull would download. */
export interface PullPlan {
  commit: string;
  files: SourceFile[];
  /** Bytes, of which `missing` are not here yet. */
  total: number;
  missing: number;
}

/**
 * Asks the source what a model consists of, and holds that against what is known: hashes of the catalogue, else those
 * recorded when it was first downloaded.
 *
 * @throws UserFacingError when files are missing, too large, or not what they were.
 */
export async function planPull(
  model: CatalogueModel,
  source: ModelSource,
  cache: ModelCache,
  { acceptChange }: PullOptions,
  signal: AbortSignal,
): Promise<PullPlan> {
  const { repository, revision } = model.entry;
  const lock = await ModelLockFile.read(cache.lockPath);
  // What is recorded stays until what is to replace it has arrived.
  const locked = acceptChange ? undefined : lock.get(repository);
  const recorded = locked?.commit === mirrorCommit ? undefined : locked?.commit;
  const snapshot = await patiently(
    () => source.snapshot(repository, revision ?? recorded ?? 'main', signal),
    (reason) =>
      `${repository} could not be looked up: ${reason}. Check the network or the proxy, or name a mirror (HF_ENDPOINT, or UNI_OOD_MIRROR for a folder), and try again.`,
    signal,
    lookUpTries,
  );
  const files = repositoryFiles(model).map((path) => {
    const found = snapshot.files.find((file) => file.path === path);
    if (!found)
      throw new UserFacingError(
        `${repository} at ${source.name} has no file ${path}. It was changed or copied in part; look for an update.`,
      );
    if (found.size > largestFile)
      throw new UserFacingError(
        `${path} of ${repository} is larger than any model should be (${found.size} bytes).`,
      );
    const pinned = model.files.sha256?.[path];
    return heldToWhatIsKnown(found, pinned ?? locked?.files[path]?.sha256, pinned ? null : model.id);
  });
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const missing = await cache.missing(
    files.map(({ hash, size }) => ({ size, sha256: hash?.kind === 'sha256' ? hash.digest : undefined })),
  );
  return { commit: snapshot.commit, files, total, missing };
}

/** @param id of the model whose recorded hash a person may let go of; null: the product itself brings the hash. */
function heldToWhatIsKnown(file: SourceFile, sha256: string | undefined, id: string | null): SourceFile {
  if (!sha256) return file;
  if (file.hash?.kind === 'sha256' && file.hash.digest !== sha256)
    throw new UserFacingError(
      `${file.path} is not what it was: its SHA-256 should be ${sha256} and is ${file.hash.digest}. ${id === null ? 'That hash comes with this version of the product: name another source, or look for an update.' : `If you trust the change, run: uni-ood models pull ${id} --accept-change`}`,
    );
  return { ...file, hash: { kind: 'sha256', digest: sha256 } };
}

/**
 * Downloads what is missing of a model and stores it, ready to be used by its id.
 *
 * @param planned told what is to come before the first byte; what it throws ends the pull.
 * @throws UserFacingError in a sentence for a person; the signal's reason when aborted. What has arrived is kept.
 */
export async function pullModel(
  model: CatalogueModel,
  source: ModelSource,
  cache: ModelCache,
  options: PullOptions,
  progressed: (progress: PullProgress) => void,
  signal: AbortSignal,
  planned: (plan: PullPlan) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { repository } = model.entry;
  const plan = await planPull(model, source, cache, options, signal);
  await planned(plan);
  const stored: { path: string; sha256: string }[] = [];
  const recorded: LockedRepository['files'] = {};
  let before = 0;
  for (const file of plan.files) {
    const tell = (received: number): void =>
      progressed({ file: file.path, received: before + received, total: plan.total });
    const sha256 = await obtain(file, repository, plan.commit, source, cache, tell, signal);
    stored.push({ path: file.path, sha256 });
    recorded[file.path] = { size: file.size, sha256 };
    before += file.size;
  }
  try {
    await (await ModelLockFile.read(cache.lockPath)).record(repository, plan.commit, recorded);
    await cache.assemble(model.id, stored, (directory) =>
      describe(model, directory, plan.commit, source.name, cache),
    );
  } catch (error) {
    throw diskFaultInWords(error, cache.bundlePath(model.id), 'what was downloaded is kept');
  }
}

async function obtain(
  file: SourceFile,
  repository: string,
  commit: string,
  source: ModelSource,
  cache: ModelCache,
  tell: (received: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const { hash } = file;
  if (hash?.kind === 'sha256' && (await cache.holds(hash.digest))) {
    tell(file.size);
    return hash.digest;
  }
  const name = hash?.digest ?? `${repository}/${commit}/${file.path}`.replaceAll('/', '--');
  const incoming = cache.incomingPath(name);
  await mkdir(dirname(incoming), { recursive: true }).catch((error: unknown) => {
    throw diskFaultInWords(error, incoming, 'what has arrived is kept');
  });
  const sha256 = await downloadFile(
    source,
    { repository, commit, file, destination: incoming },
    tell,
    signal,
  );
  await cache.keep(incoming, sha256);
  return sha256;
}

/** Untrained towers have no absolute calibration, so their score is relative to the other classes until a readout is fitted. */
const unfittedScoreForm = { kind: 'softmax', temperature: 0.03 } as const;

async function describe(
  { id, entry, files }: CatalogueModel,
  directory: string,
  commit: string,
  from: string,
  cache: ModelCache,
): Promise<void> {
  const origin = { id, licence: entry.licence, source: `${from}/${entry.repository}@${commit}` };
  if (entry.kind === 'detector') {
    const manifest = { ...(await describeOwlExport(directory, files.detector)), ...origin };
    await writeFile(join(directory, detectorManifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    return;
  }
  const manifest = await describePlainExport(directory, files);
  const readout = await readoutOfFormer(cache.bundlePath(id), manifest, directory);
  const unfitted = { ...manifest.readout, scoreForm: unfittedScoreForm };
  const written = { ...manifest, ...origin, readout: readout ?? unfitted };
  await writeFile(join(directory, manifestFileName), `${JSON.stringify(written, null, 2)}\n`);
}

/**
 * The readout that a stored model was fitted with, its file copied to the new folder: a model that is pulled again keeps it.
 *
 * @returns null where there is none, it is damaged, or it belongs to other towers.
 */
async function readoutOfFormer(
  former: string,
  { vision, text }: BundleManifest,
  directory: string,
): Promise<ReadoutManifest | null> {
  try {
    const bundle = await openBundle(former);
    const { manifest } = bundle;
    const isSame = manifest.vision.sha256 === vision.sha256 && manifest.text.sha256 === text.sha256;
    const { tensors, fittedOn } = manifest.readout;
    if (!isSame || !tensors || !fittedOn) return null;
    await proveBundleFile(bundle, tensors);
    await cp(join(former, tensors.file), join(directory, tensors.file));
    return manifest.readout;
  } catch (error) {
    if (error instanceof UserFacingError) return null;
    throw error;
  }
}
