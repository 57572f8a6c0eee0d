import type { InferenceSession } from 'onnxruntime-node';
import { UnsupportedModelError } from './attentionTaps';
import { Graph } from '../onnx/graph';
import { decodeModel, type ModelProto, type NodeProto, type TensorProto } from '../onnx/modelProto';
import { openSession, type SessionOptions } from './session';

/** Operators that onnxruntime brings itself. */
const knownDomains = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'ai.onnx.preview.training',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.ms.internal.nhwc',
  'org.pytorch.aten',
]);

/**
 * The graph of a model that brings all it needs: its weights, in itself or where `onnx/modelFile` found them, and no operators
 * but onnxruntime's and those it defines.
 *
 * @throws UnsupportedModelError saying what is missing; Error when the bytes are no ONNX model.
 */
export function ownGraph(bytes: Uint8Array, { weightsFolder }: Pick<SessionOptions, 'weightsFolder'>): Graph {
  const model = decodeModel(bytes);
  refuseOtherFiles(model, weightsFolder !== undefined);
  refuseCustomOperators(model);
  return new Graph(model);
}

/** A session on a model file as it is. @throws as `ownGraph`; Error when the file does not open. */
export async function openOwnModel(model: Uint8Array, options: SessionOptions): Promise<InferenceSession> {
  ownGraph(model, options);
  return openSession(model, options);
}

/** Places of weights were checked where they were found; a constant's are nowhere looked for. */
function refuseOtherFiles({ graph }: ModelProto, hasWeightsFolder: boolean): void {
  const constants = graph.node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => t ?? []));
  const elsewhere = [...(hasWeightsFolder ? [] : graph.initializer), ...constants].find(
    ({ dataLocation }) => dataLocation === 1,
  );
  if (!elsewhere) return;
  const place = locationOf(elsewhere);
  throw new UnsupportedModelError(
    `its weights lie in another file${place ? ` (${place})` : ''} where they are not looked for. With both files in one folder, write them into one by onnx.save(onnx.load("model.onnx"), "one-file.onnx") in Python, or use an export that holds its weights.`,
  );
}

function locationOf({ externalData }: TensorProto): string | undefined {
  return externalData?.find(({ key }) => key === 'location')?.value;
}

function refuseCustomOperators({ graph, functions }: ModelProto): void {
  const nameOf = (domain: string | undefined, operator: string): string => `${domain ?? ''}::${operator}`;
  const defined = new Set(functions.map(({ domain, name }) => nameOf(domain, name)));
  const isForeign = ({ domain, opType }: NodeProto): boolean =>
    !knownDomains.has(domain ?? '') && !defined.has(nameOf(domain, opType));
  const names = new Set(graph.node.filter(isForeign).map(({ domain, opType }) => nameOf(domain, opType)));
  if (names.size === 0) return;
  throw new UnsupportedModelError(
    `it uses operators of its own (${[...names].join(', ')}), and code that comes with a model is never run. Export it with standard ONNX operators only.`,
  );
}
