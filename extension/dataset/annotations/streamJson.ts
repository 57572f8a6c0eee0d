import { createReadStream } from 'node:fs';
import { parseChunked } from '@discoveryjs/json-ext';
import { UserFacingError } from '../../protocol/userFacingError';
import { reasonOf } from '../images/imageFiles';

/** Bytes parsed at a time; between two pieces the process does other things. */
const pieceSize = 256 * 1024;

/** Takes an entry of a list: of the member of that name, or of the file itself (null). */
export type TakeEntry = (entry: unknown, list: string | null) => void;

/**
 * Reads a JSON file of any size. Entries of its lists, those of the file itself or of members of its object, are handed
 * out as they are read and then forgotten, so memory is bounded by what is no list and by one piece of the text.
 *
 * @returns what the file is: a list, or an object with its lists, entries of which are undefined by now; or a value.
 * @throws UserFacingError when it cannot be read or is not JSON. Entries before the fault have been handed out.
 */
export async function streamJson(path: string, take: TakeEntry): Promise<unknown> {
  const lists = new ListEntries(take);
  let isComplete = false;
  try {
    const read: unknown = await parseChunked(createReadStream(path, { highWaterMark: pieceSize }), {
      onChunk: (_parsed, piece, _pending, { currentRootValue, rootValuesCount }) => {
        isComplete = piece === null && rootValuesCount === 1;
        lists.handOut(currentRootValue, isComplete);
      },
    });
    // The parser does not tell of a file that ends after a bracket or a comma.
    if (!isComplete) throw new SyntaxError('Unexpected end of JSON input');
    return read;
  } catch (error) {
    throw readingFault(path, error);
  }
}

function readingFault(path: string, error: unknown): unknown {
  if (error instanceof SyntaxError)
    return new UserFacingError(`${path} is not JSON: ${error.message}. Repair it, or choose other boxes.`);
  if (error instanceof Error && 'syscall' in error)
    return new UserFacingError(
      `${path} cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}. Make it readable, or choose other boxes.`,
    );
  return error;
}

/** Hands out the entries of a value that grows while it is parsed. Their places stay, since the parser counts on them. */
class ListEntries {
  private readonly handedOut = new Map<string | null, number>();

  constructor(private readonly take: TakeEntry) {}

  /** @param isComplete whether nothing more will come; else the last entry of the last list may lack its end. */
  handOut(value: unknown, isComplete: boolean): void {
    if (Array.isArray(value)) this.handOutList(value as unknown[], null, isComplete);
    else if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value);
      members.forEach(([name, member], at) => {
        if (Array.isArray(member))
          this.handOutList(member as unknown[], name, isComplete || at < members.length - 1);
      });
    }
  }

  private handOutList(list: unknown[], name: string | null, isComplete: boolean): void {
    const end = isComplete ? list.length : list.length - 1;
    for (let at = this.handedOut.get(name) ?? 0; at < end; at++) {
      this.take(list[at], name);
      list[at] = undefined;
      this.handedOut.set(name, at + 1);
    }
  }
}
