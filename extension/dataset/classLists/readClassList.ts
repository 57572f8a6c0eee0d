import { readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod/mini';
import { schemaFaults } from '../../protocol/schemaFaults';
import { UserFacingError } from '../../protocol/userFacingError';
import { classListPresets } from './presets';

/** Larger annotation files are not read for their class names alone. */
const largestFile = 256 * 1024 * 1024;

/**
 * A class list from what a person names: a preset, a file (one name a line, YOLO `data.yaml`, COCO `.json`), or names
 * with commas, semicolons or line breaks between.
 *
 * @param folder where relative file names start.
 * @throws UserFacingError when it is empty, holds blank or equal names, or the file cannot be used.
 */
export async function readClassList(spec: string, folder: string): Promise<string[]> {
  const preset = classListPresets.find(({ id }) => id === spec.trim().toLowerCase());
  if (preset) return [...preset.names];
  const path = await existingFile(spec, folder);
  if (path) return checkClassList(await readClassFile(path), basename(path));
  if (spec.trim() === '') return checkClassList([], 'the class list');
  if (await isFolder(resolve(folder, spec)))
    throw new UserFacingError(
      `Class list ${spec} is a folder. Name a file, a preset (${presetIds}), or classes.`,
    );
  if (/[,;]|[\r\n]\s*\S/.test(spec)) return checkClassList(typedNames(spec), 'the class list');
  if (/[\\/]|\.(txt|ya?ml|json|names)$/i.test(spec))
    throw new UserFacingError(
      `Class list ${spec} does not exist. Name a file, a preset (${presetIds}), or classes with commas or semicolons between.`,
    );
  const meant = classListPresets.find(({ id }) => isNearly(spec.trim().toLowerCase(), id));
  if (meant)
    throw new UserFacingError(
      `"${spec}" is not one of the presets (${presetIds}); the nearest is ${meant.id}. If it is a class, write it into a file.`,
    );
  return checkClassList([spec], 'the class list');
}

/** Names may hold spaces. Blank lines and a separator at the end of a line say nothing, as in a file. */
function typedNames(text: string): string[] {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  return lines.flatMap((line) => line.replace(/[,;]\s*$/, '').split(/[,;]/));
}

/** A letter more, less or other. */
function isNearly(word: string, other: string): boolean {
  if (Math.abs(word.length - other.length) > 1) return false;
  let start = 0;
  while (start < Math.min(word.length, other.length) && word[start] === other[start]) start++;
  const rest = (text: string, skipped: number): string => text.slice(start + skipped);
  return (
    rest(word, 1) === rest(other, 1) || rest(word, 1) === rest(other, 0) || rest(word, 0) === rest(other, 1)
  );
}

const presetIds = classListPresets.map(({ id }) => id).join(', ');

/**
 * Trimmed names, when they can serve as a class list.
 *
 * @param source what the list is called in the error.
 */
export function checkClassList(names: readonly string[], source: string): string[] {
  const trimmed = names.map((name) => name.trim());
  if (trimmed.length === 0 || trimmed.every((name) => name === ''))
    throw new UserFacingError(
      source === 'the class list'
        ? 'The class list is empty. Name at least one class.'
        : `The class list is empty: ${source} names no class. Name at least one.`,
    );
  const blank = trimmed.indexOf('');
  if (blank >= 0)
    throw new UserFacingError(`Class ${blank + 1} of ${source} is blank. Remove it or name it.`);
  const seen = new Map<string, string>();
  for (const name of trimmed) {
    const earlier = seen.get(name.toLowerCase());
    if (earlier !== undefined)
      throw new UserFacingError(
        earlier === name
          ? `Class "${name}" stands twice in ${source}. Remove one of the two.`
          : `Classes "${earlier}" and "${name}" of ${source} are one but for capitals. Remove one of the two.`,
      );
    seen.set(name.toLowerCase(), name);
  }
  return trimmed;
}

const yoloSchema = z.looseObject({
  names: z.union([z.array(z.coerce.string()), z.record(z.string(), z.coerce.string())]),
});
const cocoSchema = z.looseObject({ categories: z.array(z.looseObject({ id: z.int(), name: z.string() })) });

/** The names in a file, not yet checked. @throws UserFacingError when it is too large or not what its ending says. */
export async function readClassFile(path: string): Promise<string[]> {
  const { size } = await stat(path);
  if (size > largestFile)
    throw new UserFacingError(
      `${path} is too large to be read for its class names (${Math.round(size / 2 ** 20)} MB). Write the names into a text file, one a line.`,
    );
  const text = await readText(path);
  try {
    switch (extname(path).toLowerCase()) {
      case '.json':
        return z.parse(cocoSchema, JSON.parse(text)).categories.map(({ name }) => name);
      case '.yaml':
      case '.yml':
        return [...yoloNames(z.parse(yoloSchema, parseYaml(text)).names).values()];
      default:
        return text
          .split(/\r?\n/)
          .map((line) => line.trim())
          .filter((line) => line !== '');
    }
  } catch (error) {
    const reason =
      error instanceof z.core.$ZodError ? schemaFaults(error) : (error as Error).message.split('\n')[0];
    throw new UserFacingError(
      `${path} holds no class list: ${reason.replace(/:$/, '')}. Expected names one a line, a YOLO data.yaml with "names", or a COCO file with "categories".`,
    );
  }
}

/** UTF-8, or UTF-16 where a byte order mark says so. */
async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = !isUtf16 ? 'utf-8' : bytes[0] === 0xff ? 'utf-16le' : 'utf-16be';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw new UserFacingError(
    `${path} is not a text file in UTF-8. Save it as UTF-8, or name another class list.`,
  );
}

/**
 * YOLO's names by number, in the order of the numbers; written as a list, or as a map that may leave numbers out.
 *
 * @throws Error when a key of the map is no number.
 */
export function yoloNames(names: string[] | Record<string, string>): Map<number, string> {
  const odd = Object.keys(names).find((key) => !/^(0|[1-9]\d*)$/.test(key));
  if (odd !== undefined) throw new Error(`"${odd}" of "names" is no class number`);
  const entries = Object.entries(names).map(([number, name]) => [Number(number), name] as const);
  return new Map(entries.sort(([a], [b]) => a - b));
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

async function existingFile(spec: string, folder: string): Promise<string | undefined> {
  for (const path of new Set([resolve(spec), resolve(folder, spec)])) {
    const isFile = await stat(path).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (isFile) return path;
  }
  return undefined;
}
