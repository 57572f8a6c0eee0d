import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import {
  methodConfigurationPatchSchema,
  type MethodConfigurationPatch,
} from '../protocol/methodConfiguration';
import { schemaFaults } from '../protocol/schemaFaults';
import { UserFacingError } from '../protocol/userFacingError';

/** Switches of the method from a JSON file. @throws UserFacingError when it cannot be read or is not valid. */
export async function readConfiguration(path: string): Promise<MethodConfigurationPatch> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT' ? 'it does not exist' : code === 'EISDIR' ? 'it is a folder' : message.split('\n')[0];
    throw new UserFacingError(`Configuration ${path} cannot be read: ${reason}. Name a JSON file.`);
  }
  const parsed = z.safeParse(methodConfigurationPatchSchema, json);
  if (parsed.success) return parsed.data;
  throw new UserFacingError(
    `Configuration ${path} is not valid: ${schemaFaults(parsed.error)}. See docs/method.md for its switches.`,
  );
}
