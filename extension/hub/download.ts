import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { UserFacingError } from '../protocol/userFacingError';
import { diskFaultInWords } from './diskFault';
import { SourceBusyError, type ModelSource, type SourceFile } from './modelSource';

/**
 * How often a file is asked for without a byte more, and how long to wait at least and at most, in milliseconds; `longest` is
 * what a source may ask for.
 */
export const patience = { tries: 6, least: 500, most: 120_000, longest: 15 * 60_000 };

export interface FileToDownload {
  repository: string;
  commit: string;
  file: SourceFile;
  /** Where it goes; beside it lies the unfinished part, from which a later attempt goes on. */
  destination: string;
}

/** Told how many bytes of the file are here. */
type Progress = (bytes: number) => void;

/**
 * Downloads a file, going on from what an earlier attempt left, and checks it against the hash the source gave.
 *
 * @returns its SHA-256, hexadecimal.
 * @throws UserFacingError when the source refuses it, stays away, or sends something else; the signal's reason when
 *   aborted. What has arrived is kept, except when it is wrong.
 */
export async function downloadFile(
  source: ModelSource,
  wanted: FileToDownload,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const part = `${wanted.destination}.part`;
  let [furthest, before] = [0, 0];
  const told: Progress = (bytes) => {
    furthest = Math.max(furthest, bytes);
    progress(bytes);
  };
  const advanced = (): boolean => {
    const isFurther = furthest > before;
    before = furthest;
    return isFurther;
  };
  return patiently(
    async () => {
      try {
        await receive(source, wanted, part, told, signal);
        return await finish(wanted, part, source.name);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof SourceBusyError) throw error;
        throw diskFaultInWords(error, wanted.destination, 'what has arrived is kept');
      }
    },
    (reason) =>
      `${wanted.file.path} of ${wanted.repository} could not be downloaded: ${reason}. What has arrived is kept; check the network and try again.`,
    signal,
    patience.tries,
    advanced,
  );
}

/**
 * Asks a source again while it is busy or out of reach, after the time it says or one that doubles.
 *
 * @param givenUp what a person is told in the end.
 * @param advanced whether something came of the last try; then as many are left as at first.
 * @throws UserFacingError with that; what `work` throws otherwise.
 */
export async function patiently<Result>(
  work: () => Promise<Result>,
  givenUp: (reason: string) => string,
  signal: AbortSignal,
  tries = patience.tries,
  advanced: () => boolean = () => false,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SourceBusyError)) throw error;
      if (advanced()) attempt = 1;
      const { message, retryAfterMilliseconds: asked } = error;
      if (asked !== null && asked > patience.longest)
        throw new UserFacingError(givenUp(`${message} for ${Math.ceil(asked / 60_000)} minutes`));
      if (attempt >= tries) throw new UserFacingError(givenUp(message));
      const usual = Math.min(patience.least * 2 ** (attempt - 1), patience.most);
      await wait(asked ?? usual, undefined, { signal });
    }
  }
}

async function receive(
  source: ModelSource,
  { repository, commit, file }: FileToDownload,
  part: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  let here = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  if (here > file.size) here = 0;
  progress(here);
  if (here === file.size && here > 0) return;
  const { chunks, start } = await source.open(repository, commit, file.path, here, signal);
  const output = await open(part, start === 0 ? 'w' : 'r+');
  try {
    let at = start;
    for await (const chunk of chunks) {
      if (at + chunk.length > file.size)
        throw new UserFacingError(
          `${source.name} sends more than the ${file.size} bytes ${file.path} of ${repository} should have. Nothing was kept; try again later.`,
        );
      await writeWhole(output, chunk, at);
      at += chunk.length;
      progress(at);
    }
    if (at < file.size)
      throw new SourceBusyError(`the connection ended after ${at} of ${file.size} bytes`, null);
    await output.sync();
  } catch (error) {
    if (error instanceof UserFacingError) await rm(part, { force: true });
    throw isDropped(error as NodeJS.ErrnoException)
      ? new SourceBusyError(`the connection was lost (${(error as Error).message})`, null)
      : error;
  } finally {
    await output.close();
  }
}

/** A disk that fills up takes a part of what it is given before it refuses the rest. */
async function writeWhole(output: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
  for (let written = 0; written < chunk.length;)
    written += (await output.write(chunk, written, chunk.length - written, at + written)).bytesWritten;
}

/** Errors of the network, as opposed to those of the disk. */
function isDropped({ code, name, syscall }: NodeJS.ErrnoException): boolean {
  if (name === 'SourceBusyError' || name === 'UserFacingError' || name === 'AbortError') return false;
  return syscall !== 'write' && syscall !== 'open' && code !== 'ENOSPC' && code !== 'EDQUOT';
}

async function finish(
  { file, destination, repository }: FileToDownload,
  part: string,
  from: string,
): Promise<string> {
  const [sha256, gitBlob] = await digestsOf(part, file.size);
  const { hash } = file;
  if (hash && hash.digest !== (hash.kind === 'sha256' ? sha256 : gitBlob)) {
    await rm(part, { force: true });
    throw new UserFacingError(
      `${file.path} of ${repository} arrived with other contents than ${from} announced (SHA-256 ${sha256}). Nothing was kept; try again, and if it happens again do not use this source.`,
    );
  }
  await rename(part, destination);
  return sha256;
}

/** SHA-256 of a file, and the SHA-1 by which git names its contents. */
async function digestsOf(path: string, size: number): Promise<[string, string]> {
  const hashes: Hash[] = [createHash('sha256'), createHash('sha1').update(`blob ${size}\0`)];
  for await (const chunk of createReadStream(path)) for (const hash of hashes) hash.update(chunk as Buffer);
  return hashes.map((hash) => hash.digest('hex')) as [string, string];
}
