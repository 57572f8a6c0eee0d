import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { schemaFaults } from '../protocol/schemaFaults';
import { UserFacingError } from '../protocol/userFacingError';
import { openBundle } from './bundle';
import {
  detectorManifestName,
  detectorManifestSchema,
  manifestFileName,
  type DetectorDescription,
  type DetectorManifest,
} from './bundleManifest';
import { findFile, findModelFile, readSettings, sha256OfFile, type HashFile } from './exportFiles';
import { describePlainExport } from './plainExport';

/** A detector and the folder its files lie in. */
export interface DetectorBundle {
  directory: string;
  id: string;
  version: string;
  detector: DetectorDescription;
  /** SHA-256 of its description, which holds the hash of every file. */
  sha256: string;
}

/**
 * The detector of a folder: of its `detector.json`, of a model bundle, or of a plain export with or of a detector.
 *
 * @param hashOf hashes the files of a plain export.
 * @throws UserFacingError when there is none, or its description is broken.
 */
export async function openDetectorBundle(
  directory: string,
  hashOf: HashFile = sha256OfFile,
): Promise<DetectorBundle> {
  if (await isFile(join(directory, detectorManifestName)))
    return described(directory, await readDetectorManifest(directory));
  if (await isFile(join(directory, manifestFileName))) {
    const { manifest } = await openBundle(directory);
    if (!manifest.detector)
      throw new UserFacingError(`The model in ${directory} has no detector. Choose another detector.`);
    return described(directory, { ...manifest, format: 1, detector: manifest.detector });
  }
  if (await isOwlExport(directory))
    return described(directory, await describeOwlExport(directory, undefined, hashOf));
  const plain = await describePlainExport(directory, {}, hashOf).catch(() => undefined);
  if (plain?.detector) return described(directory, { ...plain, format: 1, detector: plain.detector });
  throw new UserFacingError(
    `${directory} holds no detector: expected ${detectorManifestName}, a model with a detector, or an OWLv2 export.`,
  );
}

function described(directory: string, { id, version, detector }: DetectorManifest): DetectorBundle {
  const sha256 = createHash('sha256').update(JSON.stringify(detector)).digest('hex');
  return { directory, id, version, detector, sha256 };
}

/** @throws UserFacingError when the folder's `detector.json` cannot be used. */
export async function readDetectorManifest(directory: string): Promise<DetectorManifest> {
  const path = join(directory, detectorManifestName);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UserFacingError(`${path} cannot be read: ${(error as Error).message}.`);
  }
  const parsed = z.safeParse(detectorManifestSchema, json);
  if (parsed.success) return parsed.data;
  throw new UserFacingError(
    `${path} is not a valid description of a detector (${schemaFaults(parsed.error)}). Get it again, or choose another.`,
  );
}

const triple = z.tuple([z.number(), z.number(), z.number()]);
const processorSchema = z.object({
  size: z.union([z.object({ height: z.int(), width: z.int() }), z.int()]),
  image_mean: triple,
  image_std: triple,
  pad_value: z.optional(z.number()),
});
const configSchema = z.object({
  model_type: z.enum(['owlv2', 'owlvit']),
  text_config: z.optional(z.object({ max_position_embeddings: z.optional(z.int()) })),
  transformers_version: z.optional(z.string()),
});

/** Whether the folder says of itself that it is an OWLv2 or OWL-ViT export; their files are named as CLIP's are. */
export async function isOwlExport(directory: string): Promise<boolean> {
  return readSettings(directory, 'config.json', configSchema).then(
    () => true,
    () => false,
  );
}

/** Found on photos of OWLv2's authors' kind; nobody has measured them on yours. */
const owlDefaults = { scoreThreshold: 0.1, overlapThreshold: 0.5, maximumObjects: 50, minimumSide: 16 };

/**
 * What a description of a plain OWLv2 or OWL-ViT export (ONNX file with `config.json`, `preprocessor_config.json` and
 * `tokenizer.json`) would say.
 *
 * @param chosen the model's file; else the most exact one is taken.
 * @throws UserFacingError naming what is missing or unsuited.
 */
export async function describeOwlExport(
  directory: string,
  chosen?: string,
  hashOf: HashFile = sha256OfFile,
): Promise<DetectorManifest> {
  const names = chosen
    ? [chosen]
    : ['', '_fp16', '_quantized'].flatMap((precision) => [
        `model${precision}.onnx`,
        `onnx/model${precision}.onnx`,
      ]);
  const model = await findModelFile(directory, names, hashOf);
  const tokenizer = await findFile(directory, ['tokenizer.json'], hashOf);
  if (!model || !tokenizer)
    throw new UserFacingError(
      `${directory} holds no detector: expected ${detectorManifestName}, or an OWLv2 export with ${names[0]} and tokenizer.json.`,
    );
  const config = await readSettings(directory, 'config.json', configSchema);
  const processor = await readSettings(directory, 'preprocessor_config.json', processorSchema);
  const inputSize = typeof processor.size === 'number' ? processor.size : processor.size.height;
  return {
    format: 1,
    id: basename(resolve(directory)),
    version: model.sha256.slice(0, 12),
    detector: {
      ...model,
      kind: 'owl',
      inputSize,
      resize: config.model_type === 'owlv2' ? 'padToSquare' : 'squash',
      padValue: padValueOf(processor.pad_value, config.transformers_version),
      mean: processor.image_mean,
      std: processor.image_std,
      queryLength: config.text_config?.max_position_embeddings ?? 16,
      tokenizer,
      defaults: owlDefaults,
    },
    licence: 'not stated: see the folder the model came from',
    source: resolve(directory),
  };
}

/**
 * What the export's own preprocessing pads with: as it says, in [0, 1] or in pixel values; else what the transformers
 * it was made with does, black from version 5 on and grey before.
 */
function padValueOf(stated: number | undefined, transformersVersion: string | undefined): number {
  if (stated !== undefined) return stated > 1 ? stated / 255 : stated;
  return Number(transformersVersion?.split('.')[0]) >= 5 ? 0 : 0.5;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
