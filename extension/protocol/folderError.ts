import { UserFacingError } from './userFacingError';

/** Why a folder cannot be scanned, in words. */
export function folderError(folder: string, { code, message }: NodeJS.ErrnoException): UserFacingError {
  switch (code) {
    case 'ENOENT':
      return new UserFacingError(`Folder ${folder} does not exist. Choose another folder.`);
    case 'ENOTDIR':
      return new UserFacingError(`${folder} is a file. Name the folder it lies in.`);
    default:
      return new UserFacingError(`Folder ${folder} cannot be read: ${message}. Choose another folder.`);
  }
}
