const keptTail = 9;

/** The folders and the name of a file path with `/`: “nasa/”, “portrait_0031.jpg”. */
export function splitPath(file: string): { folder: string; name: string } {
  const end = file.lastIndexOf('/') + 1;
  return { folder: file.slice(0, end), name: file.slice(end) };
}

/** A file name in two parts, of which only the first may be shortened: its end tells files apart. */
export function splitName(name: string): { head: string; tail: string } {
  const characters = Array.from(name);
  if (characters.length <= 2 * keptTail) return { head: name, tail: '' };
  return { head: characters.slice(0, -keptTail).join(''), tail: characters.slice(-keptTail).join('') };
}

/** The last part of an absolute folder path, on any platform. */
export function folderName(folder: string): string {
  const parts = folder.split(/[\\/]/).filter((part) => part !== '');
  return parts[parts.length - 1] ?? folder;
}
