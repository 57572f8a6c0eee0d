import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import * as z from 'zod/mini';
import { UserFacingError } from '../protocol/userFacingError';
import { literalConfiguration } from '../pipeline/configuration';
import { manifestFileName, type BundleManifest } from './bundleManifest';
import { findFile, findModelFile, readSettings, sha256OfFile, type HashFile } from './exportFiles';

/** Where exports keep a tower, most exact first; a combined export holds both in one file. */
const places = (tower: 'vision' | 'text'): string[] => [
  `${tower}.onnx`,
  ...['', '_fp16', '_quantized'].flatMap((precision) =>
    ['', 'onnx/'].flatMap((folder) => [
      `${folder}${tower}_model${precision}.onnx`,
      `${folder}model${precision}.onnx`,
    ]),
  ),
];

const candidates = {
  vision: places('vision'),
  text: places('text'),
  tokenizer: ['tokenizer.json'],
  detector: ['detector.onnx'],
};

const processorSchema = z.object({
  size: z.union([
    z.int(),
    z.object({ shortest_edge: z.int() }),
    z.object({ height: z.int(), width: z.int() }),
  ]),
  crop_size: z.optional(z.union([z.int(), z.object({ height: z.int(), width: z.int() })])),
  image_mean: z.tuple([z.number(), z.number(), z.number()]),
  image_std: z.tuple([z.number(), z.number(), z.number()]),
});

const configSchema = z.object({
  text_config: z.optional(z.object({ max_position_embeddings: z.optional(z.int()) })),
  detector: z.optional(z.object({ stride: z.int() })),
});

/**
 * What a bundle description of a plain folder of exports (CLIP-layout ONNX files with their `config.json`,
 * `preprocessor_config.json` and `tokenizer.json`) would say. The readout is the paper's literal form.
 *
 * @param chosen the towers' files, where the folder holds several precisions; else the most exact ones are taken.
 * @throws UserFacingError naming what is missing.
 */
export async function describePlainExport(
  directory: string,
  chosen: { vision?: string; text?: string } = {},
  hashOf: HashFile = sha256OfFile,
): Promise<BundleManifest> {
  const required = async <T>(names: string[], what: string, find: Finding<T>): Promise<T> => {
    const found = await find(directory, names, hashOf);
    if (found) return found;
    throw new UserFacingError(
      `${directory} is not a model bundle: it has no bundle.json, and ${what} (${names.slice(0, 4).join(' or ')}) is missing. Choose a folder with CLIP-layout ONNX exports, or a bundle.`,
    );
  };
  if (!(await stat(directory).catch(() => undefined)))
    throw new UserFacingError(`Model ${directory} does not exist. Name the folder of a model.`);
  if (await findFile(directory, ['readout.safetensors']))
    throw new UserFacingError(
      `${directory} is a bundle whose ${manifestFileName} is missing. Get the model again, or remove readout.safetensors to use its towers as a plain export.`,
    );
  const [vision, text, tokenizer, detector] = await Promise.all([
    required(chosen.vision ? [chosen.vision] : candidates.vision, 'the image tower', findModelFile),
    required(chosen.text ? [chosen.text] : candidates.text, 'the text tower', findModelFile),
    required(candidates.tokenizer, 'the tokenizer', findFile),
    findModelFile(directory, candidates.detector, hashOf),
  ]);
  const processor = await readSettings(directory, 'preprocessor_config.json', processorSchema);
  const config = await readSettings(directory, 'config.json', configSchema);
  return {
    format: 1,
    id: basename(resolve(directory)),
    version: vision.sha256.slice(0, 12),
    vision: {
      ...vision,
      imageSize: sideOf(processor.crop_size ?? processor.size),
      mean: processor.image_mean,
      std: processor.image_std,
    },
    text: { ...text, contextLength: config.text_config?.max_position_embeddings ?? 77 },
    tokenizer,
    prompt: literalConfiguration.prompts[0],
    ...(detector && config.detector ? { detector: { ...detector, ...plainCenterNet } } : {}),
    readout: {
      clsShare: literalConfiguration.readout.clsShare,
      backgroundGain: literalConfiguration.readout.backgroundGain,
      scoreForm: literalConfiguration.readout.scoreForm,
      boxMargin: literalConfiguration.views.boxMargin,
      prompts: literalConfiguration.prompts,
    },
    licence: 'not stated: see the folder the model came from',
    source: resolve(directory),
  };
}

/** Defaults for a CenterNet that nobody has measured: a middling threshold, the usual overlap. */
const plainCenterNet = {
  kind: 'centerNet',
  inputSize: 512,
  defaults: { scoreThreshold: 0.3, overlapThreshold: 0.5, maximumObjects: 30, minimumSide: 16 },
} as const;

type Finding<T> = (directory: string, names: string[], hashOf: HashFile) => Promise<T | undefined>;

function sideOf(size: number | { shortest_edge: number } | { height: number; width: number }): number {
  if (typeof size === 'number') return size;
  return 'shortest_edge' in size ? size.shortest_edge : size.height;
}
