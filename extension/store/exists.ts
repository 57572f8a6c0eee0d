import { stat } from 'node:fs/promises';

/** Whether there is a file or folder of this name that can be looked at. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
