import type { InferenceSession } from 'onnxruntime-node';
import { plainProducts, type MatrixProducts } from '../pipeline/matrixProducts';
import { elementType, encodeModel, type ValueInfo } from '../onnx/modelProto';
import { float32Output, float32Tensor, openSession, type SessionOptions } from './session';

/** Multiplications below which a run of a session costs more than it saves. */
const worthARun = 4e5;

const float32 = (name: string): ValueInfo => ({
  name,
  type: { tensorType: { elemType: elementType.float } },
});

/** left · right, one of them transposed, and `onto` added where it is wanted. */
function productModel(transposed: 'left' | 'right', isAdded = false): Uint8Array {
  const flag = { name: transposed === 'left' ? 'transA' : 'transB', i: 1, type: 2 };
  const inputs = ['left', 'right', ...(isAdded ? ['onto'] : [])];
  return encodeModel({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'product',
      initializer: [],
      node: [{ opType: 'Gemm', input: inputs, output: ['product'], attribute: [flag] }],
      input: inputs.map(float32),
      output: [float32('product')],
    },
  });
}

/** Two of the pipeline's products by onnxruntime, where they are large. */
export class MatrixLibrary implements Pick<MatrixProducts, 'transposed' | 'pooled'> {
  private constructor(
    private readonly rightTransposed: InferenceSession,
    private readonly leftTransposed: InferenceSession,
    private readonly leftTransposedOnto: InferenceSession,
  ) {}

  static async open(options: SessionOptions): Promise<MatrixLibrary> {
    return new MatrixLibrary(
      await openSession(productModel('right'), options),
      await openSession(productModel('left'), options),
      await openSession(productModel('left', true), options),
    );
  }

  transposed(a: Float32Array, b: Float32Array, width: number): Promise<Float32Array> | Float32Array {
    if ((a.length * b.length) / width < worthARun) return plainProducts.transposed(a, b, width);
    return product(this.rightTransposed, a, [a.length / width, width], b, [b.length / width, width]);
  }

  pooled(
    weights: Float32Array,
    tokens: Float32Array,
    classes: number,
    width: number,
    onto?: Float32Array,
  ): Promise<Float32Array> | Float32Array {
    if (weights.length * width < worthARun)
      return plainProducts.pooled(weights, tokens, classes, width, onto);
    const count = tokens.length / width;
    const dims: [number[], number[]] = [
      [count, classes],
      [count, width],
    ];
    if (!onto) return product(this.leftTransposed, weights, dims[0], tokens, dims[1]);
    const added = { onto: float32Tensor(onto, [classes, width]) };
    return product(this.leftTransposedOnto, weights, dims[0], tokens, dims[1], added);
  }

  async dispose(): Promise<void> {
    const sessions = [this.rightTransposed, this.leftTransposed, this.leftTransposedOnto];
    await Promise.all(sessions.map((session) => session.release()));
  }
}

async function product(
  session: InferenceSession,
  left: Float32Array,
  leftDims: number[],
  right: Float32Array,
  rightDims: number[],
  added: InferenceSession.OnnxValueMapType = {},
): Promise<Float32Array> {
  const outputs = await session.run({
    left: float32Tensor(left, leftDims),
    right: float32Tensor(right, rightDims),
    ...added,
  });
  return float32Output(outputs, 'product').data;
}
