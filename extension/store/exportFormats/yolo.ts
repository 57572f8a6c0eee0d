import { stringify } from 'yaml';
import type { ResultObject, Results } from '../../protocol/results';
import { UserFacingError } from '../../protocol/userFacingError';
import { inDistribution } from './inDistribution';

export interface YoloDataset {
  /** Text of each label file by its path below `labels`, with `/`; an image without objects has an empty one. */
  labels: Map<string, string>;
  /** The text of `data.yaml`. */
  description: string;
  /** How many objects the labels hold. */
  objects: number;
}

/**
 * The objects in distribution as YOLO labels, of which each line is class number, centre x, centre y, width, height as
 * shares of the image.
 *
 * @throws UserFacingError when two images differ in their ending alone, since they would share their labels.
 */
export function yoloDataset(results: Results): YoloDataset {
  const known = inDistribution(results);
  const lines = new Map<string, string[]>(results.images.map(({ file }) => [file, []]));
  const images = new Map(results.images.map((image) => [image.file, image]));
  for (const { object, classIndex } of known) {
    const image = images.get(object.image);
    if (image) lines.get(object.image)?.push(`${[classIndex, ...shares(object, image)].join(' ')}\n`);
  }
  const labels = new Map<string, string>();
  for (const [file, path] of labelFiles([...images.keys()])) labels.set(path, lines.get(file)!.join(''));
  return { labels, description: describe(results), objects: known.length };
}

/** Each image's label file; `images` above all of them has `labels` for its counterpart and is no part of it. */
function labelFiles(files: readonly string[]): [file: string, path: string][] {
  const above = files.every((file) => file.startsWith('images/')) ? 'images/'.length : 0;
  const ownerOf = new Map<string, string>();
  return files.map((file) => {
    const path = `${file.slice(above).replace(/\.[^./]*$/, '')}.txt`;
    const owner = ownerOf.get(path);
    if (owner !== undefined)
      throw new UserFacingError(
        `${owner} and ${file} would share their labels, as YOLO names images without their ending. Rename one and scan again.`,
      );
    ownerOf.set(path, file);
    return [file, path];
  });
}

/** Enough digits for hundredths of a pixel in any image. */
const digits = 8;

function shares({ bbox }: ResultObject, image: { width: number; height: number }): number[] {
  const [x, y, width, height] = bbox;
  return [
    (x + width / 2) / image.width,
    (y + height / 2) / image.height,
    width / image.width,
    height / image.height,
  ].map((share) => Number(share.toFixed(digits)));
}

/** Without `path`, trainers look beside the file. Names are quoted, since older YAML takes `no` for false. */
function describe({ classes, generator }: Results): string {
  const contents = { train: 'images', val: 'images', names: new Map(classes.entries()) };
  const yaml = stringify(contents, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
  });
  return `# Objects in distribution, found by ${generator}. Their images belong into the folder images, beside labels.\n${yaml}`;
}
