import type { InferenceSession } from 'onnxruntime-node';
import type { CombinerBranch } from '../pipeline/combiner';
import type { MatrixProducts } from '../pipeline/matrixProducts';
import type { RepresentationShape } from '../pipeline/representation';
import { float32Output, float32Tensor, openSession, type SessionOptions } from '../towers/session';
import { branchResidual } from './combinerNetwork';
import { branchTensors, tensorsOfBranch, type CombinerShape } from './combinerParameters';
import { DifferentiableGraph } from './differentiableGraph';
import { branchFeeds, branchInputs } from './branchTokens';

/** The residual of a trained combiner by onnxruntime: a graph a shape, the parameters are given with every run. */
export class CombinerLibrary implements Pick<MatrixProducts, 'residual'> {
  private readonly sessions = new Map<string, Promise<InferenceSession>>();

  constructor(private readonly options: SessionOptions) {}

  /** One object. @param weights a, tokens × classes. @param tokens z, tokens × Dv. */
  async residual(
    branch: CombinerBranch,
    weights: Float32Array,
    tokens: Float32Array,
    { classes, width, grid }: RepresentationShape,
  ): Promise<Float32Array> {
    const shape: CombinerShape = {
      width,
      bottleneck: branch.convolutions[0].bias.length,
      hidden: branch.hiddenBias.length,
    };
    const session = await this.session(shape, classes, grid);
    const feeds = branchFeeds('', { tokens, weights }, { objects: 1, classes, grid }, width);
    const tensors = tensorsOfBranch(branch);
    for (const [name, sides] of branchTensors(shape)) feeds[name] = float32Tensor(tensors.get(name)!, sides);
    return float32Output(await session.run(feeds), 'residual').data;
  }

  async dispose(): Promise<void> {
    for (const session of this.sessions.values()) await (await session).release();
  }

  private session(
    shape: CombinerShape,
    classes: number,
    grid: readonly [number, number],
  ): Promise<InferenceSession> {
    const key = JSON.stringify({ shape, classes, grid });
    const known = this.sessions.get(key);
    if (known) return known;
    const graph = new DifferentiableGraph();
    const size = { objects: 1, classes, grid };
    const parameters = new Map(
      [...branchTensors(shape)].map(([name, sides]) => [name, graph.input(name, sides)]),
    );
    const inputs = branchInputs(graph, '', size, shape.width);
    graph.output(
      branchResidual(graph, (name) => parameters.get(name)!, inputs, shape, size),
      'residual',
    );
    const opened = openSession(graph.encode(), this.options);
    this.sessions.set(key, opened);
    return opened;
  }
}
