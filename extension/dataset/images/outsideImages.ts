import { isAbsolute, relative, sep } from 'node:path';

/** A link by which images outside of the scanned folder were found, and how many. */
export interface OutsideLink {
  /** Relative to the scanned folder, with `/`. */
  link: string;
  images: number;
}

/** How many links a sentence names. */
const named = 3;

/** Whether a path lies neither at a folder nor below it. Both are absolute and without links. */
export function liesOutside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}

/** What a person should know of images that only links lead to; null where there are none. */
export function outsideImagesText(links: readonly OutsideLink[], total: number): string | null {
  const images = links.reduce((sum, link) => sum + link.images, 0);
  if (images === 0) return null;
  const first = [...links].sort((a, b) => b.images - a.images).slice(0, named);
  const names = first.map((link) => (link.images === 1 ? link.link : `${link.link} (${count(link.images)})`));
  const more = links.length - first.length;
  const all = [...names, ...(more > 0 ? [`${count(more)} more`] : [])];
  const one = images === 1;
  return [
    `${count(images)} of ${count(total)} images ${one ? 'lies' : 'lie'} outside of the folder,`,
    `by ${links.length === 1 ? 'the link' : 'the links'} ${listOf(all)}.`,
    one
      ? 'It is scanned with the others; to leave it out, remove the link.'
      : `They are scanned with the others; to leave them out, remove the link${links.length === 1 ? '' : 's'}.`,
  ].join(' ');
}

const count = (number: number): string => number.toLocaleString('en');

function listOf(names: readonly string[]): string {
  if (names.length === 1) return names[0];
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
