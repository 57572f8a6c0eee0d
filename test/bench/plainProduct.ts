import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { elementType, encodeModel } from '../../extension/onnx/modelProto';
import { float32Tensor, openSession } from '../../extension/towers/session';

/** Rows and columns of both factors; large enough that nothing but multiplying counts. */
export const productSide = 2048;
/** Multiplications with their additions of a run. */
export const productWork = productSide ** 3;

/**
 * One large matrix product by onnxruntime, alone: what the processor can do, which towers are held against.
 *
 * @param integers in 8 bits, unsigned times signed.
 */
export async function plainProduct(
  integers: boolean,
  threads: number,
): Promise<{ run: () => Promise<unknown> }> {
  const side = productSide;
  const operands = integers ? [2, elementType.int8] : [elementType.float, elementType.float];
  const values = (at: number): Tensor => {
    const count = side ** 2;
    if (!integers)
      return float32Tensor(
        Float32Array.from({ length: count }, (_, k) => Math.sin(k)),
        [side, side],
      );
    return at === 0
      ? new Tensor(
          'uint8',
          Uint8Array.from({ length: count }, (_, k) => k % 251),
          [side, side],
        )
      : new Tensor(
          'int8',
          Int8Array.from({ length: count }, (_, k) => (k % 251) - 125),
          [side, side],
        );
  };
  const right = values(1);
  const model = encodeModel({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'product',
      node: [
        {
          opType: integers ? 'MatMulInteger' : 'MatMul',
          input: ['left', 'right'],
          output: ['product'],
          attribute: [],
        },
      ],
      // A weight, as in a tower: it is brought into the processor's own order beforehand.
      initializer: [
        {
          name: 'right',
          dims: [side, side],
          dataType: operands[1],
          rawData: new Uint8Array((right.data as Float32Array | Int8Array).buffer),
        },
      ],
      input: [{ name: 'left', type: { tensorType: { elemType: operands[0] } } }],
      output: [
        {
          name: 'product',
          type: { tensorType: { elemType: integers ? elementType.int32 : elementType.float } },
        },
      ],
    },
  });
  const session: InferenceSession = await openSession(model, { threads, spinning: true });
  const feeds = { left: values(0) };
  return { run: () => session.run(feeds) };
}
