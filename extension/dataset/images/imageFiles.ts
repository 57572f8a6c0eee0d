import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { liesOutside, type OutsideLink } from './outsideImages';

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
  /** Links by which images outside of the folder were found, in the same order. */
  outside: OutsideLink[];
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
 * All image files of a folder and the folders in it. Links are followed, each real folder once, so that a loop ends,
 * and those that lead out of the folder are told; folders that begin with a dot are passed over.
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
  /** Images outside of the folder by the link that leads to them. */
  private readonly outside = new Map<string, number>();
  private root = '';

  constructor(
    private readonly folder: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async visit(relative: string): Promise<void> {
    this.root = await realpath(this.folder);
    await this.enter(relative, null);
    for (
      let link = this.links.sort(byName).shift();
      link !== undefined;
      link = this.links.sort(byName).shift()
    )
      await this.enter(link, link);
  }

  result(): ImageFolder {
    const byFile = (a: { file: string }, b: { file: string }): number => byName(a.file, b.file);
    return {
      images: this.images.sort(byFile),
      unreadable: this.unreadable.sort(byFile),
      outside: [...this.outside]
        .map(([link, images]) => ({ link, images }))
        .sort((a, b) => byName(a.link, b.link)),
    };
  }

  /** `link`: the last one on the way to this folder. */
  private async enter(relative: string, link: string | null): Promise<void> {
    this.signal?.throwIfAborted();
    const path = join(this.folder, relative);
    const real = await realpath(path);
    if (this.visited.has(real)) return;
    this.visited.add(real);
    const leadsOut = link !== null && liesOutside(this.root, real) ? link : null;
    for await (const entry of await opendir(path)) {
      if (entry.name.startsWith('.') || skippedFolders.has(entry.name)) continue;
      await this.look(entry, relative === '' ? entry.name : `${relative}/${entry.name}`, leadsOut);
    }
  }

  private async look(entry: Dirent, file: string, link: string | null): Promise<void> {
    const isImage = imageEndings.has(extname(entry.name).toLowerCase());
    if (!isImage && entry.isFile()) return;
    try {
      const found = await stat(join(this.folder, file));
      if (found.isDirectory() && entry.isSymbolicLink()) this.links.push(file);
      else if (found.isDirectory()) await this.enter(file, link);
      else if (isImage && found.isFile()) {
        this.images.push({ file, size: found.size, modifiedMilliseconds: found.mtimeMs });
        await this.tellOutside(file, entry.isSymbolicLink() ? file : link);
      }
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

  /** Counts an image that a link leads out of the folder to: one of its folder's, or its own. */
  private async tellOutside(file: string, link: string | null): Promise<void> {
    if (link === null) return;
    if (link === file && !liesOutside(this.root, await realpath(join(this.folder, file)))) return;
    this.outside.set(link, (this.outside.get(link) ?? 0) + 1);
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

/** What a person is told of a folder without a photo. */
export const noImageText = (folder: string): string =>
  `No image was found in ${folder}. Choose a folder with JPEG, PNG, WebP, TIFF, GIF or BMP files.`;
