/** A file of a repository, as its source describes it. */
export interface SourceFile {
  path: string;
  /** Bytes. */
  size: number;
  /** What the source says of the contents; null where it says nothing. */
  hash: { kind: 'sha256' | 'gitBlob'; digest: string } | null;
}

/** A repository at one commit. */
export interface SourceSnapshot {
  commit: string;
  files: SourceFile[];
}

/** A part of a file: the answer to a question for everything from `offset` on. */
export interface SourcePart {
  chunks: AsyncIterable<Uint8Array>;
  /** Where the chunks start: `offset`, or 0 where the source knows no parts. */
  start: number;
}

/** Where model files come from. */
export interface ModelSource {
  /** For a person: "huggingface.co". */
  name: string;
  /** @param revision a commit, a branch, or a tag. */
  snapshot(repository: string, revision: string, signal: AbortSignal): Promise<SourceSnapshot>;
  open(
    repository: string,
    commit: string,
    path: string,
    offset: number,
    signal: AbortSignal,
  ): Promise<SourcePart>;
}

/** The source could not give it now; worth trying again after so many milliseconds. */
export class SourceBusyError extends Error {
  override readonly name = 'SourceBusyError';
  constructor(
    message: string,
    /** From the answer's Retry-After; null: not said. */
    readonly retryAfterMilliseconds: number | null,
  ) {
    super(message);
  }
}
