import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { UserFacingError } from '../protocol/userFacingError';
import { writeWhole } from '../store/exportFormats/writeExport';

/** What stands for standard output where a file is asked for. */
const standardOutput = '-';

/** Refuses, before any work, a file that could not be written after it. */
export function parseOutput(path: string): string {
  if (path === standardOutput) return path;
  if (path === '') throw new InvalidArgumentError('Expected a file, or - for standard output.');
  const absolute = placeInFolder(path);
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory())
    throw new InvalidArgumentError(`${absolute} is a folder; name a file.`);
  return path;
}

/** Refuses, before any work, a folder that could not be made or written into. */
export function parseOutputFolder(path: string): string {
  if (path === '' || path === standardOutput)
    throw new InvalidArgumentError('The labels are several files; name a folder.');
  const absolute = placeInFolder(path);
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new InvalidArgumentError(`${absolute} is a file; name a folder.`);
  return path;
}

/** Refuses, before any work, a file or folder in a folder that is not there. */
export function parsePlace(path: string): string {
  if (path === '' || path === standardOutput) throw new InvalidArgumentError('Expected a file or a folder.');
  placeInFolder(path);
  return path;
}

/** The absolute path of what is to be written. @throws InvalidArgumentError where the folder around it is not there. */
function placeInFolder(path: string): string {
  const absolute = resolve(path);
  if (!existsSync(dirname(absolute)))
    throw new InvalidArgumentError(`The folder ${dirname(absolute)} does not exist.`);
  return absolute;
}

/** @throws UserFacingError when the text cannot be written to the end. */
export async function writeOutput(
  output: string,
  text: string | Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  if (output !== standardOutput) return writeWhole(resolve(output), text);
  const unheard = (): void => undefined; // every write is told of its own error
  process.stdout.on('error', unheard);
  try {
    for await (const part of typeof text === 'string' ? [text] : text) await writeStandardOutput(part);
  } finally {
    process.stdout.off('error', unheard);
  }
}

/** Waits until the reader has taken it: what is still in the process when it exits is lost. */
function writeStandardOutput(text: string): Promise<void> {
  return new Promise((done, failed) => {
    process.stdout.write(text, (error) => {
      const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
      if (!error || code === 'EPIPE')
        done(); // a reader that has seen enough
      else failed(new UserFacingError(`Standard output could not be written: ${message}.`));
    });
  });
}
