import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { TextFormat } from '../../protocol/engine';
import type { Results } from '../../protocol/results';
import { UserFacingError } from '../../protocol/userFacingError';
import { cocoDocument } from './coco';
import { csvTable } from './csv';
import { fileList } from './fileList';

/** A results document in one of the export formats that are one text. */
export function formatResults(results: Results, format: TextFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(results, null, 1)}\n`;
    case 'coco':
      return `${JSON.stringify(cocoDocument(results), null, 1)}\n`;
    case 'csv':
      return csvTable(results);
    case 'list':
      return fileList(results);
  }
}

/**
 * Writes a file whole or not at all: beside its place first, then moved there. A link is followed; a device or a pipe is
 * written to as it is.
 *
 * @throws UserFacingError when it cannot be written; a file that was there before is untouched.
 */
export async function writeWhole(
  named: string,
  content: string | Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string>,
): Promise<void> {
  const path = await realpath(named).catch(() => named);
  const draft = `${path}.${randomUUID()}.part`;
  try {
    const existing = await stat(path).catch(() => undefined);
    if (existing && !existing.isFile()) {
      await writeFile(path, content);
      return;
    }
    const file = await open(draft, 'w');
    try {
      if (typeof content === 'string' || content instanceof Uint8Array) await file.writeFile(content);
      else for await (const part of content) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw couldNotBeWritten(path, error);
  }
}

/** What a person is told when a file or folder cannot be written; what is said in words already stays. */
export function couldNotBeWritten(path: string, error: unknown): UserFacingError {
  if (error instanceof UserFacingError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const reason =
    code === 'ENOSPC'
      ? 'the disk is full'
      : code === 'EACCES' || code === 'EROFS'
        ? 'the folder cannot be written to'
        : message;
  return new UserFacingError(`${path} could not be written: ${reason}. Choose another place.`);
}
