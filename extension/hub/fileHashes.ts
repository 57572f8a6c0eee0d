import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod/mini';
import { writeInOneStep } from '../store/writeInOneStep';
import { sha256OfFile } from './exportFiles';

/** Files that are remembered; of more, those hashed first are forgotten. */
const most = 200;

const knownSchema = z.record(
  z.string(),
  z.object({
    size: z.number(),
    /** Milliseconds. */
    modified: z.number(),
    /** When the file system last touched its entry, in milliseconds: contents cannot change without it. */
    changed: z.number(),
    sha256: z.string(),
  }),
);
type KnownFiles = z.infer<typeof knownSchema>;

/** Hashes of files that have not changed since they were last read, so that a large model is not read twice a scan. */
export class FileHashes {
  /** @param path of the JSON file they are kept in. */
  constructor(private readonly path: string) {}

  /** SHA-256 of a file in hexadecimal. */
  readonly of = async (file: string): Promise<string> => {
    const name = resolve(file);
    const { size, mtimeMs: modified, ctimeMs: changed } = await stat(name);
    const known = (await this.read())[name];
    if (known?.size === size && known.modified === modified && known.changed === changed) return known.sha256;
    const sha256 = await sha256OfFile(name);
    await this.remember(name, { size, modified, changed, sha256 });
    return sha256;
  };

  /** What cannot be kept is read again. */
  private async remember(name: string, entry: KnownFiles[string]): Promise<void> {
    const others = Object.entries(await this.read()).filter(([other]) => other !== name);
    const kept: KnownFiles = Object.fromEntries([...others, [name, entry] as const].slice(-most));
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await writeInOneStep(this.path, JSON.stringify(kept));
    } catch {
      return;
    }
  }

  private async read(): Promise<KnownFiles> {
    try {
      return z.parse(knownSchema, JSON.parse(await readFile(this.path, 'utf8')));
    } catch {
      return {};
    }
  }
}
