import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { UserFacingError } from '../protocol/userFacingError';
import type { ModelSource, SourcePart, SourceSnapshot } from './modelSource';

/** Stands for the commit of a folder, which knows none. */
export const mirrorCommit = 'mirror';

/**
 * A folder with downloaded repositories, for machines without a network: `<folder>/<owner>/<name>/…` as on the hub.
 * It knows no commits; what it holds is recorded by its hashes.
 */
export class MirrorSource implements ModelSource {
  readonly name: string;

  constructor(private readonly folder: string) {
    this.name = folder;
  }

  async snapshot(repository: string): Promise<SourceSnapshot> {
    const root = join(this.folder, repository);
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => undefined);
    if (!entries)
      throw new UserFacingError(
        `The mirror ${this.folder} does not hold ${repository}. Copy the repository there, or get the model from the hub.`,
      );
    const files = entries.filter((entry) => entry.isFile());
    return {
      commit: mirrorCommit,
      files: await Promise.all(
        files.map(async ({ parentPath, name }) => {
          const path = join(parentPath, name);
          return {
            path: relative(root, path).split(sep).join('/'),
            size: (await stat(path)).size,
            hash: null,
          };
        }),
      ),
    };
  }

  open(repository: string, _: string, path: string, offset: number): Promise<SourcePart> {
    return Promise.resolve({ chunks: readFrom(join(this.folder, repository, path), offset), start: offset });
  }
}

/** Opens the file when it is read, so that an error meets its reader. */
async function* readFrom(path: string, offset: number): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { start: offset }) as AsyncIterable<Uint8Array>;
}
