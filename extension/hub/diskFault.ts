import { UserFacingError } from '../protocol/userFacingError';

/** A fault of the disk in a sentence for a person; any other error as it is. @param kept what is not lost by it. */
export function diskFaultInWords(error: unknown, path: string, kept: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UserFacingError(
      `The disk is full: ${path} could not be written. Free some space and try again; ${kept}.`,
    );
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return new UserFacingError(`${path} could not be written: the folder does not allow it.`);
  return error;
}
