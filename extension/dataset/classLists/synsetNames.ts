import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { schemaFaults } from '../../protocol/schemaFaults';
import type { AnnotationProblem } from '../annotations/annotations';
import imagenet from './imagenet.json';

/** How far above the scanned folder a file of names may lie (`ILSVRC/Data/CLS-LOC/train` and `LOC_synset_mapping.txt`). */
const levelsUp = 4;

/** Files that name WordNet ids: ImageNet's and Tiny ImageNet's lists, and JSON such as `classes.json`. */
const nameFiles =
  /^(LOC_synset_mapping|synset_words|synsets?|words)\.txt$|^(classes|labels|class_?names|imagenet_class_index)\.json$/i;

const wordNetId = /^n\d{8}$/;

/** {id: names}, or {number: [id, name]} as Keras has it. */
const jsonSchema = z.record(z.string(), z.union([z.string(), z.tuple([z.string(), z.string()])]));

/** Names of WordNet ids, and files of names that cannot be used. */
export interface SynsetNames {
  names: ReadonlyMap<string, string>;
  problems: AnnotationProblem[];
}

/**
 * The names of those `ids` that are WordNet ids of nouns (n01440764): from a file of names in the folder or above it,
 * else those of the ImageNet-1k preset. Of several names of an id the first that no other id has is taken.
 */
export async function synsetNames(folder: string, ids: readonly string[]): Promise<SynsetNames> {
  const wanted = ids.filter((id) => wordNetId.test(id));
  if (wanted.length === 0) return { names: new Map(), problems: [] };
  const { synonyms, problems } = await findNames(folder, wanted);
  const names = new Map<string, string>();
  const taken = new Set(ids);
  for (const id of wanted) {
    const known = [...(synonyms.get(id) ?? []), ...presetName(id)];
    if (known.length === 0) continue;
    const name = known.find((synonym) => !taken.has(synonym.toLowerCase())) ?? `${known[0]} ${id}`;
    taken.add(name.toLowerCase());
    names.set(id, name);
  }
  return { names, problems };
}

function presetName(id: string): string[] {
  const at = imagenet.synsets.indexOf(id);
  return at < 0 ? [] : [imagenet.names[at]];
}

/** The nearest file that names any of the ids. */
async function findNames(
  folder: string,
  ids: readonly string[],
): Promise<{ synonyms: Map<string, string[]>; problems: AnnotationProblem[] }> {
  const problems: AnnotationProblem[] = [];
  let current = folder;
  for (let level = 0; level <= levelsUp; level++) {
    const files = (await readdir(current).catch(() => [])).filter((name) => nameFiles.test(name));
    for (const file of files.sort()) {
      const path = join(current, file);
      const synonyms = await readNames(path);
      if (typeof synonyms === 'string') problems.push({ file: path, reason: synonyms });
      else if (ids.some((id) => synonyms.has(id))) return { synonyms, problems };
    }
    if (dirname(current) === current) break;
    current = dirname(current);
  }
  return { synonyms: new Map(), problems };
}

/** Names by id, or what is wrong with the file. */
async function readNames(path: string): Promise<Map<string, string[]> | string> {
  try {
    const text = await readFile(path, 'utf8');
    return path.toLowerCase().endsWith('.json') ? namesInJson(text) : namesInLines(text);
  } catch (error) {
    const reason = error instanceof z.core.$ZodError ? schemaFaults(error) : (error as Error).message;
    return `Is no list of class names: ${reason}. Repair it, or remove it`;
  }
}

/** Lines of an id, a space or tab, and names with commas between. */
function namesInLines(text: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, id, words] = /^(n\d{8})\s+(.+)$/.exec(line.trim()) ?? [];
    if (id) names.set(id, synonymsIn(words));
  }
  return names;
}

function namesInJson(text: string): Map<string, string[]> {
  const entries = Object.entries(z.parse(jsonSchema, JSON.parse(text))).map(([key, value]) =>
    typeof value === 'string' ? [key, value] : value,
  );
  return new Map(entries.filter(([id]) => wordNetId.test(id)).map(([id, words]) => [id, synonymsIn(words)]));
}

function synonymsIn(words: string): string[] {
  return words
    .split(',')
    .map((word) => word.replaceAll('_', ' ').trim())
    .filter((word) => word !== '');
}
