import { Fragment } from '../onnx/fragment';
import { elementType, encodeModel, type ValueInfo } from '../onnx/modelProto';

/** A float32 tensor of the graph; its shape is known when the graph is built. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

/** How the gradient of an operation's result becomes those of its operands; null where none is asked for. */
interface Operation {
  result: Value;
  operands: readonly Value[];
  gradients: readonly (((gradient: Value) => Value) | null)[];
}

const operatorSet = 17;

/**
 * An ONNX graph that can be differentiated: each operation notes how its gradient is made, and `gradientsOf` adds the
 * nodes of reverse-mode differentiation. onnxruntime has no training of its own on this platform; a training step is an
 * ordinary graph.
 */
export class DifferentiableGraph {
  private readonly fragment = new Fragment('step');
  private readonly inputs: ValueInfo[] = [];
  private readonly operations: Operation[] = [];
  /** Names of values that depend on a parameter. */
  private readonly trained = new Set<string>();

  /** What a run is given and does not change. */
  input(name: string, shape: readonly number[]): Value {
    this.inputs.push({ name, type: { tensorType: { elemType: elementType.float } } });
    return { name, shape };
  }

  /** What a run is given and has a gradient. */
  parameter(name: string, shape: readonly number[]): Value {
    this.trained.add(name);
    return this.input(name, shape);
  }

  constant(values: Float32Array, shape: readonly number[]): Value {
    return { name: this.fragment.floats(values, shape), shape };
  }

  output(value: Value, name: string): void {
    this.fragment.output(value.name, name);
  }

  add(a: Value, b: Value): Value {
    const result = this.node('Add', [a, b], broadcast(a.shape, b.shape));
    return this.record(
      result,
      [a, b],
      [(gradient) => this.reducedTo(gradient, a.shape), (gradient) => this.reducedTo(gradient, b.shape)],
    );
  }

  multiply(a: Value, b: Value): Value {
    const result = this.node('Mul', [a, b], broadcast(a.shape, b.shape));
    const times =
      (factor: Value, shape: readonly number[]) =>
      (gradient: Value): Value =>
        this.reducedTo(this.node('Mul', [gradient, factor], broadcast(gradient.shape, factor.shape)), shape);
    return this.record(result, [a, b], [times(b, a.shape), times(a, b.shape)]);
  }

  scale(a: Value, factor: number): Value {
    return this.multiply(a, { name: this.fragment.scalar(factor), shape: [] });
  }

  /** Matrices in the last two axes; leading axes are broadcast. */
  matMul(a: Value, b: Value): Value {
    const result = this.plainMatMul(a, b);
    return this.record(
      result,
      [a, b],
      [
        (gradient) => this.reducedTo(this.plainMatMul(gradient, this.swapped(b)), a.shape),
        (gradient) => this.reducedTo(this.plainMatMul(this.swapped(a), gradient), b.shape),
      ],
    );
  }

  relu(a: Value): Value {
    const result = this.node('Relu', [a], a.shape);
    return this.record(
      result,
      [a],
      [
        (gradient) => {
          const zero = { name: this.fragment.scalar(0), shape: [] };
          const positive = this.node('Greater', [result, zero], a.shape);
          const kept = this.node('Cast', [positive], a.shape, { to: elementType.float });
          return this.node('Mul', [gradient, kept], a.shape);
        },
      ],
    );
  }

  reshape(a: Value, shape: readonly number[]): Value {
    const to = (value: Value, wanted: readonly number[]): Value => ({
      name: this.fragment.node('Reshape', [value.name, this.fragment.integers([...wanted])]),
      shape: wanted,
    });
    return this.record(to(a, shape), [a], [(gradient) => to(gradient, a.shape)]);
  }

  transpose(a: Value, axes: readonly number[]): Value {
    const back = axes.map((_, axis) => axes.indexOf(axis));
    return this.record(this.permuted(a, axes), [a], [(gradient) => this.permuted(gradient, back)]);
  }

  /** Σ over axes, which stay with length 1. */
  sum(a: Value, axes: readonly number[]): Value {
    return this.record(
      this.plainSum(a, axes),
      [a],
      [
        (gradient) => ({
          name: this.fragment.node('Expand', [gradient.name, this.fragment.integers([...a.shape])]),
          shape: a.shape,
        }),
      ],
    );
  }

  /** 1 / √a. */
  inverseSquareRoot(a: Value): Value {
    const result = this.node('Reciprocal', [this.node('Sqrt', [a], a.shape)], a.shape);
    return this.record(
      result,
      [a],
      [
        (gradient) => {
          const square = this.node('Mul', [result, result], a.shape);
          const cube = this.node('Mul', [square, result], a.shape);
          const half = { name: this.fragment.scalar(-0.5), shape: [] };
          const slope = this.node('Mul', [cube, half], a.shape);
          return this.node('Mul', [gradient, slope], a.shape);
        },
      ],
    );
  }

  logSoftmax(a: Value, axis: number): Value {
    const result = this.node('LogSoftmax', [a], a.shape, { axis });
    return this.record(
      result,
      [a],
      [
        (gradient) => {
          const probability = this.node('Exp', [result], a.shape);
          const total = this.plainSum(gradient, [axis]);
          return this.node('Sub', [gradient, this.node('Mul', [probability, total], a.shape)], a.shape);
        },
      ],
    );
  }

  /** Matrices side by side: [rows, m] and [rows, n] to [rows, m + n]. */
  beside(a: Value, b: Value): Value {
    const [rows, left] = a.shape;
    const width = left + b.shape[1];
    const result = this.node('Concat', [a, b], [rows, width], { axis: 1 });
    const columns =
      (from: number, to: number) =>
      (gradient: Value): Value => ({
        name: this.fragment.node('Slice', [
          gradient.name,
          this.fragment.integers([from]),
          this.fragment.integers([to]),
          this.fragment.integers([1]),
        ]),
        shape: [rows, to - from],
      });
    return this.record(result, [a, b], [columns(0, left), columns(left, width)]);
  }

  /**
   * A 3 × 3 convolution with zero padding: [P, in, h, w] and [out, in / groups, 3, 3] to [P, out, h, w]. The kernel of a
   * grouped convolution has no gradient.
   */
  convolve(a: Value, kernel: Value, groups = 1): Value {
    const [pictures, , height, width] = a.shape;
    const channels = kernel.shape[0];
    const attributes = { pads: [1, 1, 1, 1], kernel_shape: [3, 3], group: groups };
    const result = this.node('Conv', [a, kernel], [pictures, channels, height, width], attributes);
    return this.record(
      result,
      [a, kernel],
      [
        (gradient) => this.node('ConvTranspose', [gradient, kernel], a.shape, attributes),
        groups === 1 ? (gradient) => this.kernelGradient(a, gradient, kernel.shape) : null,
      ],
    );
  }

  /**
   * Adds the nodes that differentiate `loss`.
   *
   * @param loss of one element. @returns the gradient of each parameter, in their order.
   */
  gradientsOf(loss: Value, parameters: readonly Value[]): Value[] {
    const one = this.constant(new Float32Array([1]), loss.shape);
    const gradients = new Map<string, Value>([[loss.name, one]]);
    for (const { result, operands, gradients: rules } of [...this.operations].reverse()) {
      const gradient = gradients.get(result.name);
      if (!gradient) continue;
      operands.forEach((operand, at) => {
        const rule = rules[at];
        if (!rule || !this.trained.has(operand.name)) return;
        const part = rule(gradient);
        const known = gradients.get(operand.name);
        gradients.set(operand.name, known ? this.node('Add', [known, part], operand.shape) : part);
      });
    }
    return parameters.map((parameter) => {
      const gradient = gradients.get(parameter.name);
      if (!gradient) throw new Error(`the loss does not depend on ${parameter.name}`);
      return gradient;
    });
  }

  /** The bytes of the model. */
  encode(): Uint8Array {
    const frame = encodeModel({
      irVersion: 8,
      opsetImport: [{ domain: '', version: operatorSet }],
      graph: { name: 'step', node: [], initializer: [], input: this.inputs, output: [] },
    });
    return this.fragment.appendTo(frame);
  }

  private record(result: Value, operands: readonly Value[], gradients: Operation['gradients']): Value {
    if (!operands.some(({ name }) => this.trained.has(name))) return result;
    this.trained.add(result.name);
    this.operations.push({ result, operands, gradients });
    return result;
  }

  private node(
    opType: string,
    operands: readonly Value[],
    shape: readonly number[],
    attributes: Record<string, number | number[]> = {},
  ): Value {
    const names = operands.map(({ name }) => name);
    return { name: this.fragment.node(opType, names, attributes), shape };
  }

  private plainMatMul(a: Value, b: Value): Value {
    const leading = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return this.node(
      'MatMul',
      [a, b],
      [...leading, a.shape[a.shape.length - 2], b.shape[b.shape.length - 1]],
    );
  }

  private swapped(a: Value): Value {
    const axes = a.shape.map((_, axis) => axis);
    const last = axes.length - 1;
    [axes[last - 1], axes[last]] = [last, last - 1];
    return this.permuted(a, axes);
  }

  private permuted(a: Value, axes: readonly number[]): Value {
    const shape = axes.map((axis) => a.shape[axis]);
    return this.node('Transpose', [a], shape, { perm: [...axes] });
  }

  private plainSum(a: Value, axes: readonly number[]): Value {
    return {
      name: this.fragment.node('ReduceSum', [a.name, this.fragment.integers([...axes])], { keepdims: 1 }),
      shape: a.shape.map((side, axis) => (axes.includes(axis) ? 1 : side)),
    };
  }

  /** Sums over the axes along which an operand of this shape was repeated. */
  private reducedTo(gradient: Value, shape: readonly number[]): Value {
    const extra = gradient.shape.length - shape.length;
    const axes = gradient.shape.flatMap((side, axis) =>
      axis < extra || (shape[axis - extra] === 1 && side !== 1) ? [axis] : [],
    );
    if (axes.length === 0) return gradient;
    const summed = this.plainSum(gradient, axes);
    if (extra === 0) return summed;
    return {
      name: this.fragment.node('Reshape', [summed.name, this.fragment.integers([...shape])]),
      shape,
    };
  }

  /**
   * Σ over pictures and places of input times gradient, at each of the nine offsets: itself a convolution, of pictures
   * taken as channels with a kernel as large as they are.
   */
  private kernelGradient(a: Value, gradient: Value, shape: readonly number[]): Value {
    const [, , height, width] = a.shape;
    const input = this.permuted(a, [1, 0, 2, 3]);
    const kernel = this.permuted(gradient, [1, 0, 2, 3]);
    const attributes = { pads: [1, 1, 1, 1], kernel_shape: [height, width] };
    const product = this.node('Conv', [input, kernel], [shape[1], shape[0], 3, 3], attributes);
    return this.permuted(product, [1, 0, 2, 3]);
  }
}

/** The shape of two operands together, as numpy and ONNX broadcast them. */
function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const one = a[axis - rank + a.length] ?? 1;
    const other = b[axis - rank + b.length] ?? 1;
    if (one !== other && one !== 1 && other !== 1)
      throw new RangeError(`shapes [${a.join()}] and [${b.join()}] do not go together`);
    return one === 1 ? other : one;
  });
}
