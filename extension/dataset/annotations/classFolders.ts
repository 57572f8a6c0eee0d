import { synsetNames } from '../classLists/synsetNames';
import { usableBoxes, type Annotations } from './annotations';

/** Folders that split or hold a dataset and name no class. */
const splits = new Set([
  'images',
  'train',
  'val',
  'validation',
  'test',
  'train2017',
  'val2017',
  'JPEGImages',
]);

/**
 * One folder a class, as ImageNet is laid out: every photo is one object, and its folder's name is its label. Where
 * folders are named by WordNet ids (n01440764), labels are the names of those.
 *
 * @param images files of the folder, relative to it.
 * @returns undefined where the images do not lie so: all in folders, two or more, none of which is a split.
 */
export async function readClassFolders(
  folder: string,
  images: readonly string[],
): Promise<Annotations | undefined> {
  const folders = classFolders(images);
  if (folders.length === 0) return undefined;
  const { names, problems } = await synsetNames(folder, folders);
  const labelOf = new Map(folders.map((name) => [name, names.get(name) ?? name]));
  return {
    format: 'Class folders',
    source: folder,
    classNames: [...labelOf.values()],
    problems,
    boxesOf(file, width, height) {
      const label = labelOf.get(folderOf(file) ?? '');
      if (label === undefined) return Promise.resolve(undefined);
      const whole = { id: '1', label, box: { x: 0, y: 0, width, height }, score: null };
      return Promise.resolve(usableBoxes([whole], width, height, file));
    },
  };
}

/** Names of the folders that hold images directly, sorted; none where these are not one a class. */
function classFolders(images: readonly string[]): string[] {
  const names = new Set<string>();
  for (const image of images) {
    const name = folderOf(image);
    if (name === undefined) return [];
    names.add(name);
  }
  const hasSplit = [...names].some((name) => splits.has(name));
  return names.size < 2 || hasSplit ? [] : [...names].sort();
}

/** The folder an image lies in; undefined where it is the scanned one. */
function folderOf(image: string): string | undefined {
  return image.split('/').at(-2);
}
