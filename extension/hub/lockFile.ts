import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { schemaFaults } from '../protocol/schemaFaults';
import { mirrorCommit } from './mirrorSource';
import { UserFacingError } from '../protocol/userFacingError';
import { writeInOneStep } from '../store/writeInOneStep';

/** What a repository held when it was first downloaded. */
const lockedRepositorySchema = z.object({
  commit: z.string(),
  /** By path. */
  files: z.record(z.string(), z.object({ size: z.int(), sha256: z.string() })),
});
export type LockedRepository = z.infer<typeof lockedRepositorySchema>;

const lockFileSchema = z.object({
  version: z.literal(1),
  repositories: z.record(z.string(), lockedRepositorySchema),
});

/**
 * Contents of downloaded repositories, recorded at the first download and held to ever after: for models whose hashes
 * nobody knew beforehand.
 */
export class ModelLockFile {
  private constructor(
    private readonly path: string,
    private readonly repositories: Record<string, LockedRepository>,
  ) {}

  /** @throws UserFacingError when it is there and cannot be used: without it nothing would be held to. */
  static async read(path: string): Promise<ModelLockFile> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new ModelLockFile(path, {});
      throw new UserFacingError(`${path} cannot be read: ${(error as Error).message}.`);
    }
    const parsed = z.safeParse(lockFileSchema, parseJson(text));
    if (parsed.success) return new ModelLockFile(path, parsed.data.repositories);
    throw new UserFacingError(
      `${path} is damaged (${schemaFaults(parsed.error)}). It records the hashes of downloaded models; remove it only to have them recorded anew.`,
    );
  }

  get(repository: string): LockedRepository | undefined {
    return this.repositories[repository];
  }

  /** Adds files of a commit; those of another commit are forgotten. A mirror knows no commit: what came from it stands beside any. */
  async record(repository: string, commit: string, files: LockedRepository['files']): Promise<void> {
    const known = this.repositories[repository];
    const isOfNone = known?.commit === mirrorCommit || commit === mirrorCommit;
    const kept = known?.commit === commit || isOfNone ? known?.files : {};
    const named = commit === mirrorCommit ? (known?.commit ?? commit) : commit;
    this.repositories[repository] = { commit: named, files: { ...kept, ...files } };
    await this.write();
  }

  private async write(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const contents = { version: 1, repositories: this.repositories };
    await writeInOneStep(this.path, `${JSON.stringify(contents, null, 2)}\n`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
