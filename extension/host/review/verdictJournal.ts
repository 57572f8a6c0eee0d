import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { historyDirectionSchema, scanReferenceSchema, verdictStepSchema } from '../../protocol/scan';

const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('verdicts'), reference: scanReferenceSchema, step: verdictStepSchema }),
  z.object({
    kind: z.literal('move'),
    reference: scanReferenceSchema,
    id: z.string(),
    direction: historyDirectionSchema,
    /** The step that it undoes or redoes. */
    step: z.string(),
  }),
]);
/** Verdicts that wait to be saved, or a step through the history that waits for them. */
export type JournalEntry = z.infer<typeof entrySchema>;

const lineSchema = z.union([entrySchema, z.object({ kind: z.literal('done'), ids: z.array(z.string()) })]);
type Line = z.infer<typeof lineSchema>;

/** What an entry is known by. */
const idOf = (entry: JournalEntry): string => (entry.kind === 'move' ? entry.id : entry.step.id);

/** So many lines of what waits no longer may stand in the file, and as many as wait, before it is written anew. */
const keptDoneLines = 1000;

/**
 * What waits to be saved, a line an entry, so that it outlives the window. It is written in the order of the calls and not
 * waited for: nobody is told that a verdict is saved because it stands here.
 *
 * Each window writes a file of its own, since several may show one workspace. It is named by the process, and nobody else
 * touches it while that runs; once it is gone, or the window has released it, the first window that renames it has it. A
 * process id says that much because the extension hosts of all windows that share this folder run on one machine, also where
 * the windows are tabs of browsers; and a process is the extension host of one window. Should a file be taken from a window
 * that still lives, or be read twice after a crash, nothing is lost or doubled: its window holds what waits in memory, and the
 * engine stores a step once.
 */
export class VerdictJournal {
  private work: Promise<void> = Promise.resolve();
  private file: string;
  /** What the file says, or would if it could be written: changed in the order of `work`. */
  private readonly waiting = new Map<string, JournalEntry>();
  private lines = 0;

  /**
   * @param folder of the journals of all windows.
   * @param warn told why a file could not be read or written.
   */
  constructor(
    private readonly folder: string,
    private readonly warn: (sentence: string) => void,
    private readonly processId = process.pid,
  ) {
    this.file = this.ownFile();
  }

  /** Takes what windows left behind that are gone, each in the order in which it was given; a torn last line is passed over. */
  takeUp(): Promise<JournalEntry[]> {
    const taken = this.work
      .then(() => this.takeFiles())
      .catch((error: Error) => {
        this.warn(error.message);
        return [];
      });
    this.work = taken.then(() => undefined);
    return taken;
  }

  add(entry: JournalEntry): void {
    this.write(async () => {
      this.waiting.set(idOf(entry), entry);
      await this.append([entry]);
    });
  }

  /** These wait no longer. */
  remove(ids: readonly string[]): void {
    this.write(async () => {
      const known = ids.filter((id) => this.waiting.delete(id));
      if (known.length === 0) return;
      if (this.waiting.size === 0) await this.empty();
      else if (this.lines > 2 * this.waiting.size + keptDoneLines) await this.rewrite();
      else await this.append([{ kind: 'done', ids: known }]);
    });
  }

  /** The window closes: another one may take up what waits. Resolves when all that was said so far is in the file. */
  async release(): Promise<void> {
    this.write(async () => {
      const released = join(this.folder, `left-${randomUUID()}.jsonl`);
      if (this.lines > 0) await rename(this.file, released);
      this.file = released; // what is said from now on is for the others as well
    });
    await this.work;
  }

  private async takeFiles(): Promise<JournalEntry[]> {
    const files: string[] = [];
    const lines: Line[] = [];
    for (const name of await namesIn(this.folder)) {
      if (!this.isLeftBehind(name)) continue;
      const file = this.ownFile();
      try {
        await rename(join(this.folder, name), file);
        lines.push(...linesOf(await readFile(file, 'utf8')));
        files.push(file);
      } catch (error) {
        if (!isMissing(error)) this.warn((error as Error).message); // else another window was faster
      }
    }
    const taken = waitingOf(lines).filter((entry) => !this.waiting.has(idOf(entry)));
    for (const entry of taken) this.waiting.set(idOf(entry), entry);
    try {
      await this.append(taken);
      for (const file of files) await rm(file);
    } catch (error) {
      this.warn((error as Error).message); // the files are still there
    }
    return taken;
  }

  /** Nobody writes this file any more. */
  private isLeftBehind(name: string): boolean {
    if (!name.endsWith('.jsonl') || join(this.folder, name) === this.file) return false;
    const owner = /^(\d+)-/.exec(name)?.[1];
    // An earlier process may have had the id of this one, as in a container that is started again.
    return owner === undefined || Number(owner) === this.processId || !isRunning(Number(owner));
  }

  private ownFile(): string {
    return join(this.folder, `${this.processId}-${randomUUID()}.jsonl`);
  }

  private async append(lines: readonly Line[]): Promise<void> {
    if (lines.length === 0) return;
    await mkdir(this.folder, { recursive: true });
    await appendFile(this.file, textOf(lines));
    this.lines += lines.length;
  }

  private async empty(): Promise<void> {
    await rm(this.file, { force: true });
    this.lines = 0;
  }

  /** Leaves out what waits no longer; a crash meanwhile leaves two files that say the same. */
  private async rewrite(): Promise<void> {
    const file = this.ownFile();
    await writeFile(file, textOf([...this.waiting.values()]));
    await rename(file, this.file);
    this.lines = this.waiting.size;
  }

  private write(work: () => Promise<void>): void {
    this.work = this.work.then(work).catch((error: Error) => this.warn(error.message));
  }
}

/** Each line begins with the break, since the one before may be torn. */
const textOf = (lines: readonly Line[]): string => lines.map((line) => `\n${JSON.stringify(line)}`).join('');

function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => z.safeParse(lineSchema, parsed(line)).data ?? []);
}

function waitingOf(lines: readonly Line[]): JournalEntry[] {
  const done = new Set(lines.flatMap((line) => (line.kind === 'done' ? line.ids : [])));
  const waiting = new Map<string, JournalEntry>();
  for (const line of lines) if (line.kind !== 'done' && !done.has(idOf(line))) waiting.set(idOf(line), line);
  return [...waiting.values()];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'; // of another person's process nothing else is told
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
