import { closeSync, openSync, realpathSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { decodeTensor, encodeTensor, type TensorProto } from './modelProto';
import {
  bytesOfFile,
  encodeField,
  fieldNumber,
  fieldsOf,
  NoMessageError,
  type ByteSource,
} from './protobufFields';

/** Weights of more bytes stay where they lie. */
const largestInside = 4096;

/** A model file as a session takes it: the graph, and the place of every large weight. */
export interface ModelFile {
  /** The model, its large weights named as ONNX's external data, relative to `weightsFolder`. */
  model: Buffer;
  weightsFolder: string;
  /** Other files that hold weights, by the names the model gives them, relative to its own folder. */
  weightFiles: string[];
}

/** A weight that stays where it lies. */
interface WeightPlace {
  /** What the model says of it, without values. */
  description: Buffer;
  file: string;
  offset: number;
  length: number;
}

/**
 * Reads a model without its large weights, which onnxruntime then maps from the file they lie in: of a tower of 350 MB a
 * quarter of a megabyte is read. Weights in other files of the model's folder are named in the same way.
 *
 * @param largest bytes of the largest weight that is read into the model; Infinity: all are.
 * @throws Error when the file is no ONNX model, or weights are outside of its folder, missing or cut short.
 */
export function readModelFile(path: string, largest = largestInside): ModelFile {
  const own = new OpenFile(realpathSync(path));
  const others = new WeightFiles(path, own.path);
  try {
    const head: Buffer[] = [];
    const graph: (Buffer | WeightPlace)[] = [];
    for (const field of fieldsOf(own.bytes)) {
      if (field.id !== fieldNumber.graph || !field.content) head.push(own.copy(field));
      else
        for (const part of fieldsOf(own.bytes, field.content.start, field.content.end))
          graph.push(
            part.id === fieldNumber.initializer && part.content
              ? weightOf(own, part.content, others, largest)
              : own.copy(part),
          );
    }
    const folder = commonFolder([own.path, ...others.paths]);
    const parts = graph.map((part) => (Buffer.isBuffer(part) ? part : placedWeight(part, folder)));
    return {
      model: Buffer.concat([...head, encodeField(fieldNumber.graph, parts)]),
      weightsFolder: folder,
      weightFiles: others.names,
    };
  } catch (error) {
    if (!(error instanceof NoMessageError)) throw error;
    throw new Error(`not an ONNX model (${error.message})`, { cause: error });
  } finally {
    own.close();
    others.close();
  }
}

function weightOf(
  own: OpenFile,
  place: { start: number; end: number },
  others: WeightFiles,
  largest: number,
): Buffer | WeightPlace {
  const description: Buffer[] = [];
  let values: { start: number; end: number } | null = null;
  let isElsewhere = false;
  for (const field of fieldsOf(own.bytes, place.start, place.end)) {
    if (field.id === fieldNumber.rawData && field.content) values = field.content;
    else if (field.id === fieldNumber.dataLocation) isElsewhere = own.copy(field).at(-1) === 1;
    else if (field.id !== fieldNumber.externalData) description.push(own.copy(field));
  }
  if (isElsewhere)
    return weightElsewhere(decodeTensor(own.copy(place)), Buffer.concat(description), others, largest);
  const length = values ? values.end - values.start : 0;
  if (values && length > largest)
    return { description: Buffer.concat(description), file: own.path, offset: values.start, length };
  return encodeField(fieldNumber.initializer, [own.copy(place)]);
}

function weightElsewhere(
  { name, externalData }: TensorProto,
  description: Buffer,
  others: WeightFiles,
  largest: number,
): Buffer | WeightPlace {
  const say = (key: string): string | undefined => externalData?.find((entry) => entry.key === key)?.value;
  const { path, bytes } = others.open(say('location') ?? '');
  const offset = Number(say('offset') ?? 0);
  const length = Number(say('length') ?? bytes.size - offset);
  if (!(offset >= 0 && length >= 0 && offset + length <= bytes.size))
    throw new Error(
      `its weights ${name ?? ''} should reach to byte ${offset + length} of ${path}, which has ${bytes.size}. Get both files again.`,
    );
  if (length > largest) return { description, file: path, offset, length };
  const values = encodeTensor({ rawData: Buffer.from(bytes.read(offset, offset + length)) });
  return encodeField(fieldNumber.initializer, [description, values]);
}

function placedWeight({ description, file, offset, length }: WeightPlace, folder: string): Buffer {
  const place = { location: relative(folder, file).split(sep).join('/'), offset, length };
  const externalData = Object.entries(place).map(([key, value]) => ({ key, value: String(value) }));
  return encodeField(fieldNumber.initializer, [description, encodeTensor({ dataLocation: 1, externalData })]);
}

class OpenFile {
  private readonly descriptor: number;
  readonly bytes: ByteSource;

  constructor(readonly path: string) {
    this.descriptor = openSync(path, 'r');
    this.bytes = bytesOfFile(this.descriptor);
  }

  copy({ start, end }: { start: number; end: number }): Buffer {
    return Buffer.from(this.bytes.read(start, end));
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** The files beside a model that hold weights of it. */
class WeightFiles {
  private readonly files = new Map<string, OpenFile>();
  private readonly folders: string[];

  /** @param model the model's path as it was given. @param real where it leads. */
  constructor(
    private readonly model: string,
    real: string,
  ) {
    // A link may lead where the model's own link leads, as in the cache of a hub, but nowhere else.
    this.folders = [realpathSync(dirname(model)), dirname(real)];
  }

  get names(): string[] {
    return [...this.files.keys()];
  }

  get paths(): string[] {
    return [...this.files.values()].map(({ path }) => path);
  }

  /** @throws Error when the name leads out of the model's folder, or there is no such file. */
  open(location: string): OpenFile {
    const known = this.files.get(location);
    if (known) return known;
    const folder = resolve(dirname(this.model));
    const asked = resolve(folder, location);
    if (!isWithin(asked, folder)) throw outside(location);
    let path: string;
    try {
      path = realpathSync(asked);
    } catch {
      throw new Error(
        `its weights lie in ${location}, and there is no such file beside it. Put both into one folder, under the names they were exported with.`,
      );
    }
    if (!this.folders.some((allowed) => isWithin(path, allowed))) throw outside(location);
    const file = new OpenFile(path);
    this.files.set(location, file);
    return file;
  }

  close(): void {
    for (const file of this.files.values()) file.close();
  }
}

function outside(location: string): Error {
  return new Error(
    `its weights lie outside of its folder (${location || 'nowhere'}), and no other folder is read. Write both into one folder by onnx.save(onnx.load("model.onnx"), "folder/model.onnx") in Python.`,
  );
}

function isWithin(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function commonFolder([first, ...others]: readonly string[]): string {
  let folder = dirname(first);
  while (others.some((path) => !isWithin(path, folder)) && dirname(folder) !== folder)
    folder = dirname(folder);
  return folder;
}
