import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file or folder that could not be read, and why, for a person. */
export interface UnreadablePath {
  file: string;
  reason: string;
}

export interface ImageFile {
  /** Relative to the scanned folder, with `/`. */
  file: string;
  /** Bytes. */
  size: number;
  modifiedMilliseconds: number;
}

export interface ImageFolder {
  /** In the order a person would list them: by folder and name, numbers by value. */
  images: ImageFile[];
  unreadable: UnreadablePath[];
}

const imageEndings = new Set([
  '.jpg',
  '.jpeg',
  '.jpe',
  '.jfif',
  '.png',
  '.webp',
  '.tif',
  '.tiff',
  '.gif',
  '.bmp',
]);
const skippedFolders = new Set(['node_modules']);

/**
 * All image files of a folder and the folders in it. Links are followed, each real folder once, so that a loop ends;
 * folders that begin with a dot are passed over.
 *
 * @throws the signal's reason when aborted; the file system's error when the folder itself cannot be read.
 */
export async function listImages(folder: string, signal?: AbortSignal): Promise<ImageFolder> {
  const walk = new FolderWalk(folder, signal);
  await walk.visit('');
  return walk.result();
}

class FolderWalk {
  private readonly images: ImageFile[] = [];
  private readonly unreadable: UnreadablePath[] = [];
  private readonly visited = new Set<string>();
  /** Linked folders wait until every real one has been visited, so that a photo is known by its own place. */
  private readonly links: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async visit(relative: string): Promise<void> {
    await this.enter(relative);
    for (
      let link = this.links.sort(byName).shift();
      link !== undefined;
      link = this.links.sort(byName).shift()
    )
      await this.enter(link);
  }

  result(): ImageFolder {
    const byFile = (a: { file: string }, b: { file: string }): number => byName(a.file, b.file);
    return { images: this.images.sort(byFile), unreadable: this.unreadable.sort(byFile) };
  }

  private async enter(relative: string): Promise<void> {
    this.signal?.throwIfAborted();
    const path = join(this.folder, relative);
    const real = await realpath(path);
    if (this.visited.has(real)) return;
    this.visited.add(real);
    for await (const entry of await opendir(path)) {
      if (entry.name.startsWith('.') || skippedFolders.has(entry.name)) continue;
      await this.look(entry, relative === '' ? entry.name : `${relative}/${entry.name}`);
    }
  }

  private async look(entry: Dirent, file: string): Promise<void> {
    const isImage = imageEndings.has(extname(entry.name).toLowerCase());
    if (!isImage && entry.isFile()) return;
    try {
      const found = await stat(join(this.folder, file));
      if (found.isDirectory() && entry.isSymbolicLink()) this.links.push(file);
      else if (found.isDirectory()) await this.enter(file);
      else if (isImage && found.isFile())
        this.images.push({ file, size: found.size, modifiedMilliseconds: found.mtimeMs });
    } catch (error) {
      this.signal?.throwIfAborted();
      if (isImage || entry.isDirectory())
        this.unreadable.push({
          file,
          reason: file.includes('\uFFFD')
            ? 'Its name is not valid UTF-8, so it cannot be opened; rename it'
            : reasonOf(error as NodeJS.ErrnoException),
        });
    }
  }
}

const collator = new Intl.Collator('en', { numeric: true });

/** The order a person lists names in; names that collate as equal keep an order of their own. */
function byName(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** The file system's error in plain words. */
export function reasonOf(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
      return 'Permission denied';
    case 'ENOENT':
      return 'The file is gone, or a link that leads nowhere';
    case 'ELOOP':
      return 'A link that leads to itself';
    default:
      return error.message;
  }
}
