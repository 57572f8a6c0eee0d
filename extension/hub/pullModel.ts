import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserFacingError } from '../protocol/userFacingError';
import { detectorManifestName, manifestFileName } from './bundleManifest';
import { repositoryFiles, type CatalogueModel } from './catalogue';
import { describeOwlExport } from './detectorBundle';
import { diskFaultInWords } from './diskFault';
import { downloadFile, patiently } from './download';
import { ModelLockFile, type LockedRepository } from './lockFile';
import { exists } from '../store/exists';
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
  if (acceptChange) await lock.forget(repository);
  const locked = lock.get(repository);
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
    return heldToWhatIsKnown(found, model.files.sha256?.[path] ?? locked?.files[path]?.sha256, model.id);
  });
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let missing = 0;
  for (const { hash, size } of files)
    if (hash?.kind !== 'sha256' || !(await exists(cache.blobPath(hash.digest)))) missing += size;
  return { commit: snapshot.commit, files, total, missing };
}

function heldToWhatIsKnown(file: SourceFile, sha256: string | undefined, id: string): SourceFile {
  if (!sha256) return file;
  if (file.hash?.kind === 'sha256' && file.hash.digest !== sha256)
    throw new UserFacingError(
      `${file.path} is not what it was: its SHA-256 should be ${sha256} and is ${file.hash.digest}. If you trust the change, run: uni-ood models pull ${id} --accept-change`,
    );
  return { ...file, hash: { kind: 'sha256', digest: sha256 } };
}

/**
 * Downloads what is missing of a model and stores it, ready to be used by its id.
 *
 * @throws UserFacingError in a sentence for a person; the signal's reason when aborted. What has arrived is kept.
 */
export async function pullModel(
  model: CatalogueModel,
  source: ModelSource,
  cache: ModelCache,
  options: PullOptions,
  progressed: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { repository } = model.entry;
  const plan = await planPull(model, source, cache, options, signal);
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
      describe(model, directory, plan.commit, source.name),
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
  if (hash?.kind === 'sha256' && (await exists(cache.blobPath(hash.digest)))) {
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
): Promise<void> {
  const origin = { id, licence: entry.licence, source: `${from}/${entry.repository}@${commit}` };
  if (entry.kind === 'detector') {
    const manifest = { ...(await describeOwlExport(directory, files.detector)), ...origin };
    await writeFile(join(directory, detectorManifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    return;
  }
  const manifest = await describePlainExport(directory, files);
  const written = { ...manifest, ...origin, readout: { ...manifest.readout, scoreForm: unfittedScoreForm } };
  await writeFile(join(directory, manifestFileName), `${JSON.stringify(written, null, 2)}\n`);
}
