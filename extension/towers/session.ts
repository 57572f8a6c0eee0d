import { env, InferenceSession, Tensor } from 'onnxruntime-node';

// Why an accelerator does not open is told by who asked for it, in words.
env.logLevel = 'fatal';

export interface SessionOptions {
  /** Threads inside an operator; results do not depend on it beyond rounding. */
  threads: number;
  /**
   * Whether threads spin between operators: a tenth faster where a large model has the processors to itself, a fifth slower
   * where decoding and other models want them.
   */
  spinning?: boolean;
  /** Where the large weights lie that a model names by their place (`onnx/modelFile`); absent: it holds them all. */
  weightsFolder?: string;
  /** onnxruntime's name of what computes; absent: the processor. It takes what the other cannot. */
  provider?: string;
}

/** Highest first: some files do not open at the highest level (fp16 layer norms, microsoft/onnxruntime #26717). */
const optimisationLevels = ['all', 'extended', 'basic'] as const;

/**
 * A session at the highest graph optimisation level the file opens at.
 *
 * @throws Error of the highest level when none opens.
 */
export async function openSession(
  model: Uint8Array,
  { threads, spinning = false, weightsFolder, provider = 'cpu' }: SessionOptions,
): Promise<InferenceSession> {
  let first: unknown;
  for (const graphOptimizationLevel of optimisationLevels) {
    try {
      return await InferenceSession.create(model, {
        executionProviders: [provider],
        // DirectML refuses it.
        enableMemPattern: provider !== 'dml',
        graphOptimizationLevel,
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        logSeverityLevel: 4, // what fails is thrown as well
        extra: {
          session: {
            intra_op: { allow_spinning: spinning ? '1' : '0' },
            ...(weightsFolder === undefined
              ? {}
              : { model_external_initializers_file_folder_path: weightsFolder }),
          },
        },
      });
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

export function float32Tensor(data: Float32Array, dims: readonly number[]): Tensor {
  return new Tensor('float32', data, dims);
}

export function int64Tensor(data: BigInt64Array, dims: readonly number[]): Tensor {
  return new Tensor('int64', data, dims);
}

/** A float32 output by name. @throws Error when the model gave something else. */
export function float32Output(
  outputs: InferenceSession.OnnxValueMapType,
  name: string,
): { data: Float32Array; dims: readonly number[] } {
  const value = outputs[name];
  if (!(value instanceof Tensor) || !(value.data instanceof Float32Array))
    throw new Error(`the model's output ${name} is not float32`);
  return { data: value.data, dims: value.dims };
}
