import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Bundle } from '../../hub/bundle';
import { readCombinerFile, refusalOfCombiner } from '../../hub/combinerFile';
import type { CombinerListing } from '../../protocol/tuning';
import { timeStamp } from './timeStamp';

/** Where `uni-ood tune` keeps the combiner of a folder unless another file is named. */
const usualName = 'combiner.safetensors';
const folderName = 'combiners';

/** Where the report of a tuning is written; one whose combiner is not kept leaves the report of that in force. */
export const reportOf = (combiner: string, isKept = true): string =>
  combiner.replace(/(\.safetensors)?$/, isKept ? '.md' : '-not-kept.md');

/** What the shelf needs of the engine. */
export interface ShelfPlace {
  bundle(model?: string): Promise<Bundle>;
  /** Made when it is not there. */
  stateDirectory(folder: string): Promise<string>;
  /** The places where a folder's state may be found. */
  possibleStateDirectories(folder: string): Promise<string[]>;
}

/** The combiners that were tuned on folders, kept in their state directories. */
export class CombinerShelf {
  constructor(private readonly place: ShelfPlace) {}

  /** Where the combiner of a folder is kept unless another file is named. */
  async usualFile(folder: string): Promise<string> {
    return join(await this.place.stateDirectory(resolve(folder)), usualName);
  }

  /** A file of its own for a combiner tuned now, so that one in force is not changed under it. */
  async newFile(folder: string): Promise<string> {
    const directory = join(await this.place.stateDirectory(resolve(folder)), folderName);
    await mkdir(directory, { recursive: true });
    return join(directory, `${timeStamp(new Date())}.safetensors`);
  }

  /**
   * The combiners of these folders and in these files, newest first, and what of them is damaged.
   *
   * @param model id or directory they are to be used with; absent: the embedded bundle.
   * @throws UserFacingError when there is no such model.
   */
  async list(
    folders: readonly string[],
    files: readonly string[],
    model?: string,
  ): Promise<{ combiners: CombinerListing[]; damaged: { path: string; reason: string }[] }> {
    const bundle = await this.place.bundle(model);
    const paths = new Set(files.map((file) => resolve(file)));
    for (const folder of folders) for (const path of await this.filesOf(resolve(folder))) paths.add(path);
    const combiners: CombinerListing[] = [];
    const damaged: { path: string; reason: string }[] = [];
    for (const path of paths)
      try {
        const { header, sha256 } = await readCombinerFile(path);
        combiners.push({
          path,
          sha256,
          report: existsSync(reportOf(path)) ? reportOf(path) : null,
          createdAt: header.createdAt,
          folder: header.tunedOn.folder,
          classes: header.classes,
          objects: header.tunedOn.objects,
          bundle: { id: header.bundle.id, version: header.bundle.version },
          figures: header.figures,
          refusal: refusalOfCombiner({ path, header }, bundle),
        });
      } catch (error) {
        damaged.push({ path, reason: (error as Error).message });
      }
    combiners.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
    return { combiners, damaged };
  }

  private async filesOf(folder: string): Promise<string[]> {
    const inside = async (directory: string): Promise<string[]> => {
      const names = await readdir(directory).catch(() => []);
      return names.filter((name) => name.endsWith('.safetensors')).map((name) => join(directory, name));
    };
    const states = await this.place.possibleStateDirectories(folder);
    const found = await Promise.all(
      states.flatMap((state) => [inside(state), inside(join(state, folderName))]),
    );
    return found.flat();
  }
}
