import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../hub/bundle';
import { readSafetensors, writeSafetensors, type Tensor } from '../hub/safetensors';
import type { ClassTexts } from '../pipeline/backgroundText';
import type { MethodConfiguration } from '../pipeline/configuration';
import { writeInOneStep } from '../store/writeInOneStep';

/** Raised when the same towers and texts give other numbers than before. */
const version = 1;
/** Class lists that are kept; of more, those used longest ago are dropped. A thousand classes take 6 MB. */
const most = 20;

/**
 * The texts of a class list, kept by what they depend on: text tower, tokenizer, names, prompts and aliases. A scan that finds them
 * loads no text tower.
 *
 * @param directory where they are kept.
 * @param encode makes them where they are not there, or cannot be read.
 */
export async function keptTexts(
  { manifest: { text, tokenizer, vision } }: Bundle,
  classes: readonly string[],
  { prompts, aliases }: Pick<MethodConfiguration, 'prompts' | 'aliases'>,
  directory: string,
  encode: () => Promise<ClassTexts>,
): Promise<ClassTexts> {
  const tower = [text.sha256, text.contextLength, tokenizer.sha256, vision.imageSize];
  const circumstances = JSON.stringify([version, tower, classes, prompts, aliases]);
  const path = join(directory, `${createHash('sha256').update(circumstances).digest('hex')}.safetensors`);
  const known = await read(path, classes.length);
  if (known) return known;
  const texts = await encode();
  // Where they cannot be kept, they are made again next time.
  await keep(path, texts, directory).catch(() => undefined);
  return texts;
}

async function read(path: string, classes: number): Promise<ClassTexts | undefined> {
  try {
    const { tensors } = readSafetensors(await readFile(path));
    const dimension = tensors.get('joinedPrompt')!.shape[1];
    const data = (name: string, rows: number, columns: number): Float32Array => {
      const tensor = tensors.get(name);
      if (tensor?.shape[0] !== rows || tensor.shape[1] !== columns || !tensor.data.every(Number.isFinite))
        throw new Error(`${name} is damaged`);
      return tensor.data;
    };
    const texts = {
      classes,
      dimension,
      embeddings: data('embeddings', classes, dimension),
      interTextAttention: data('interTextAttention', classes, classes),
      joinedPrompt: data('joinedPrompt', 1, dimension),
    };
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return texts;
  } catch {
    return undefined;
  }
}

async function keep(path: string, texts: ClassTexts, directory: string): Promise<void> {
  const { classes, dimension } = texts;
  const tensors = new Map<string, Tensor>([
    ['embeddings', { shape: [classes, dimension], data: texts.embeddings }],
    ['interTextAttention', { shape: [classes, classes], data: texts.interTextAttention }],
    ['joinedPrompt', { shape: [1, dimension], data: texts.joinedPrompt }],
  ]);
  await mkdir(directory, { recursive: true });
  await writeInOneStep(path, writeSafetensors(tensors));
  const names = await readdir(directory);
  if (names.length <= most) return;
  const files = await Promise.all(
    names.map(async (name) => ({
      path: join(directory, name),
      used: (await stat(join(directory, name))).mtimeMs,
    })),
  );
  const oldest = files.sort((one, other) => one.used - other.used).slice(0, files.length - most);
  for (const file of oldest) await rm(file.path, { force: true });
}
