import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
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

/** What an entry is known by. */
export const idOf = (entry: JournalEntry): string => (entry.kind === 'move' ? entry.id : entry.step.id);

/**
 * A file of what waits to be saved, a line an entry, so that it outlives the window. It is written in the order of the calls
 * and not waited for: nobody is told that a verdict is saved because it stands here.
 */
export class VerdictJournal {
  private written: Promise<void> = Promise.resolve();

  /** @param warn told why the file could not be read or written. */
  constructor(
    private readonly file: string,
    private readonly warn: (sentence: string) => void,
  ) {}

  /** What was waiting when the file was written last, in the order in which it was given; a torn last line is passed over. */
  async read(): Promise<JournalEntry[]> {
    const read = this.written
      .then(() => readFile(this.file, 'utf8'))
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') this.warn(error.message);
        return '';
      });
    this.written = read.then(() => undefined); // what is added meanwhile is not read
    const text = await read;
    const waiting = new Map<string, JournalEntry>();
    for (const line of text.split('\n')) {
      const { data } = z.safeParse(lineSchema, parsed(line));
      if (data?.kind === 'done') for (const id of data.ids) waiting.delete(id);
      else if (data) waiting.set(idOf(data), data);
    }
    return [...waiting.values()];
  }

  add(entry: JournalEntry): void {
    this.append(entry);
  }

  /** These wait no longer. */
  remove(ids: readonly string[]): void {
    this.append({ kind: 'done', ids: [...ids] });
  }

  /** Nothing waits any more. */
  clear(): void {
    this.write(() => writeFile(this.file, ''));
  }

  /** Resolves when all that was said so far is in the file. */
  settled(): Promise<void> {
    return this.written;
  }

  private append(line: z.infer<typeof lineSchema>): void {
    const text = `\n${JSON.stringify(line)}`; // the line before may be torn
    this.write(() => appendFile(this.file, text));
  }

  private write(work: () => Promise<void>): void {
    this.written = this.written
      .then(async () => {
        await mkdir(dirname(this.file), { recursive: true });
        await work();
      })
      .catch((error: Error) => this.warn(error.message));
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
