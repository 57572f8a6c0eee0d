import { formatBytes } from '../protocol/formatBytes';
import { UserFacingError } from '../protocol/userFacingError';

/** What stored models may take where nobody said, in bytes. */
export const usualQuota = 20e9;

/**
 * What stored models may take, in bytes, as the environment says in GB.
 *
 * @returns null: as much as the disk holds. @throws UserFacingError when it says something else.
 */
export function quotaOf(gigabytes: string | undefined): number | null {
  if (gigabytes === undefined || gigabytes.trim() === '') return usualQuota;
  const value = Number(gigabytes);
  if (!(value >= 0))
    throw new UserFacingError(
      `UNI_OOD_MODELS_QUOTA is "${gigabytes}", which is no number of GB. Set it to one, or to 0 for no limit.`,
    );
  return value === 0 ? null : value * 1e9;
}

/** @throws UserFacingError when what is to come does not fit beside what is here, with what could be removed. */
export function refuseBeyondQuota(
  title: string,
  coming: number,
  used: number,
  quota: number | null,
  stored: readonly { id: string; size: number }[],
): void {
  if (quota === null || used + coming <= quota) return;
  const largest = [...stored].sort((one, other) => other.size - one.size).slice(0, 3);
  const removable =
    largest.length === 0
      ? ''
      : ` Remove models that are not used any more, of the largest ${largest.map(({ id, size }) => `${id} (${formatBytes(size)})`).join(', ')}, or`;
  throw new UserFacingError(
    `${title} needs ${formatBytes(coming)} more, and stored models take ${formatBytes(used)} of the ${formatBytes(quota)} they may.${removable || ' To have it,'} allow more: the setting uniOod.modelQuota, or UNI_OOD_MODELS_QUOTA for the command line, in GB.`,
  );
}
