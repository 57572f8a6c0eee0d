/** Characters that stay in front of a file's extension, and the longest extension that stays. */
const keptOfName = 6;
const longestExtension = 5;

/** The folders and the name of a file path with `/`: “nasa/”, “portrait_0031.jpg”. */
export function splitPath(file: string): { folder: string; name: string } {
  const end = file.lastIndexOf('/') + 1;
  return { folder: file.slice(0, end), name: file.slice(end) };
}

/** A file name in two parts, of which only the first may be shortened: the number at its end tells files apart. */
export function splitName(name: string): { head: string; tail: string } {
  const characters = Array.from(name);
  const point = characters.lastIndexOf('.');
  const extension = point < 0 ? 0 : Math.min(longestExtension, characters.length - point);
  const end = Math.max(0, characters.length - extension - keptOfName);
  return { head: characters.slice(0, end).join(''), tail: characters.slice(end).join('') };
}

/** The last part of an absolute folder path, on any platform. */
export function folderName(folder: string): string {
  const parts = folder.split(/[\\/]/).filter((part) => part !== '');
  return parts[parts.length - 1] ?? folder;
}
