import type { InferenceSession } from 'onnxruntime-node';
import { plainProducts, type MatrixProducts } from '../pipeline/matrixProducts';
import { elementType, encodeModel, type ValueInfo } from './onnx/modelProto';
import { float32Output, float32Tensor, openSession, type SessionOptions } from './session';

/** Multiplications below which a run of a session costs more than it saves. */
const worthARun = 4e6;

const float32 = (name: string): ValueInfo => ({
  name,
  type: { tensorType: { elemType: elementType.float } },
});

/** left · right, one of them transposed before. */
function productModel(transposed: 'left' | 'right'): Uint8Array {
  const moved = { opType: 'Transpose', input: [transposed], output: ['moved'] };
  const factors = transposed === 'left' ? ['moved', 'right'] : ['left', 'moved'];
  return encodeModel({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'product',
      initializer: [],
      node: [
        { ...moved, attribute: [{ name: 'perm', ints: [1, 0], type: 7 }] },
        { opType: 'MatMul', input: factors, output: ['product'], attribute: [] },
      ],
      input: [float32('left'), float32('right')],
      output: [float32('product')],
    },
  });
}

/** Two of the pipeline's products by onnxruntime, where they are large. */
export class MatrixLibrary implements Pick<MatrixProducts, 'transposed' | 'pooled'> {
  private constructor(
    private readonly rightTransposed: InferenceSession,
    private readonly leftTransposed: InferenceSession,
  ) {}

  static async open(options: SessionOptions): Promise<MatrixLibrary> {
    return new MatrixLibrary(
      await openSession(productModel('right'), options),
      await openSession(productModel('left'), options),
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
  ): Promise<Float32Array> | Float32Array {
    if (weights.length * width < worthARun) return plainProducts.pooled(weights, tokens, classes, width);
    const count = tokens.length / width;
    return product(this.leftTransposed, weights, [count, classes], tokens, [count, width]);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.rightTransposed.release(), this.leftTransposed.release()]);
  }
}

async function product(
  session: InferenceSession,
  left: Float32Array,
  leftDims: number[],
  right: Float32Array,
  rightDims: number[],
): Promise<Float32Array> {
  const outputs = await session.run({
    left: float32Tensor(left, leftDims),
    right: float32Tensor(right, rightDims),
  });
  return float32Output(outputs, 'product').data;
}
