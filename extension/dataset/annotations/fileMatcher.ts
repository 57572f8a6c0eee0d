import { posix } from 'node:path';

/** Finds the scanned file an annotation names: the same path, a path ending, or the only file of that name. */
export class FileMatcher {
  private readonly byPath: ReadonlySet<string>;
  private readonly byName = new Map<string, string[]>();
  private readonly byStem = new Map<string, string[]>();

  constructor(files: readonly string[]) {
    this.byPath = new Set(files);
    for (const file of files) {
      const name = posix.basename(file);
      append(this.byName, name, file);
      append(this.byStem, withoutEnding(name), file);
    }
  }

  find(named: string): string | undefined {
    if (this.byPath.has(named)) return named;
    const path = posix.normalize(named.replaceAll('\\', '/'));
    if (this.byPath.has(path)) return path;
    const candidates = this.byName.get(posix.basename(path)) ?? [];
    if (candidates.length <= 1) return candidates[0];
    const sameEnd = candidates.filter((file) => path.endsWith(`/${file}`) || file.endsWith(`/${path}`));
    return sameEnd.length === 1 ? sameEnd[0] : undefined;
  }

  /** By the name without its ending, as results and labels name images; numbers may lack leading zeros. */
  findStem(stem: string): string | undefined {
    const candidates = this.byStem.get(stem) ?? this.byStem.get(stem.padStart(12, '0')) ?? [];
    return candidates.length === 1 ? candidates[0] : undefined;
  }
}

function append(lists: Map<string, string[]>, key: string, file: string): void {
  const list = lists.get(key);
  if (list) list.push(file);
  else lists.set(key, [file]);
}

export function withoutEnding(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
