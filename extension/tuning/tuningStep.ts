import type { InferenceSession } from 'onnxruntime-node';
import { float32Output, float32Tensor, openSession, type SessionOptions } from '../towers/session';
import { alignmentNetwork, inputNames, usedParameters, type FrozenModel } from './alignmentNetwork';
import { backgroundTextFeeds, type BackgroundTextBatch } from './backgroundTextNetwork';
import { branchFeeds, tokenFeeds, type BranchBatch } from './branchTokens';
import type { NetworkSize } from './combinerNetwork';
import type { CombinerParameters } from './combinerParameters';
import { contrastiveLoss, targetNames } from './contrastiveLoss';
import { DifferentiableGraph } from './differentiableGraph';

/** B objects against K classes, towers and readout done. */
export interface AlignmentBatch {
  target: BranchBatch;
  /** Null where the background branch takes no part. */
  background: BranchBatch | null;
  /** For a background text that is trained; null: the weights of the background are given. */
  backgroundText: BackgroundTextBatch | null;
  /** The representation without the combiner, B × K × Dv. */
  base: Float32Array;
  /** γ of each object, zero without a background. */
  gain: Float32Array;
  /** Unit texts of the classes, K × D. */
  texts: Float32Array;
}

/** Ω of a fixed number of objects and classes for any parameters. */
export class AlignmentSession {
  private constructor(
    private readonly session: InferenceSession,
    private readonly model: FrozenModel,
    readonly objects: number,
    readonly classes: number,
  ) {}

  static async open(
    model: FrozenModel,
    objects: number,
    classes: number,
    options: SessionOptions,
  ): Promise<AlignmentSession> {
    const graph = new DifferentiableGraph();
    graph.output(alignmentNetwork(graph, model, objects, classes).omega, 'omega');
    return new AlignmentSession(await openSession(graph.encode(), options), model, objects, classes);
  }

  /** @returns Ω, B × K. */
  async omega(batch: AlignmentBatch, parameters: CombinerParameters): Promise<Float32Array> {
    const outputs = await this.session.run(feeds(this.model, batch, this.objects, this.classes, parameters));
    return float32Output(outputs, 'omega').data;
  }

  dispose(): Promise<void> {
    return this.session.release();
  }
}

/** The loss of a batch and its gradient: one run, forward and backward. */
export class TuningStep {
  private constructor(
    private readonly session: InferenceSession,
    private readonly model: FrozenModel,
    readonly objects: number,
    readonly classes: number,
    private readonly parameterNames: readonly string[],
  ) {}

  /** @param scale what Ω is multiplied by in the loss. */
  static async open(
    model: FrozenModel,
    objects: number,
    classes: number,
    scale: number,
    options: SessionOptions,
  ): Promise<TuningStep> {
    const graph = new DifferentiableGraph();
    const { omega, parameters } = alignmentNetwork(graph, model, objects, classes);
    const loss = contrastiveLoss(graph, omega, scale);
    const names = [...parameters.keys()];
    const gradients = graph.gradientsOf(loss, [...parameters.values()]);
    graph.output(loss, 'loss');
    gradients.forEach((gradient, at) => graph.output(gradient, gradientName(names[at])));
    return new TuningStep(await openSession(graph.encode(), options), model, objects, classes, names);
  }

  /** @param targets as `contrastiveTargets` makes them. */
  async run(
    batch: AlignmentBatch,
    targets: { image: Float32Array; text: Float32Array },
    parameters: CombinerParameters,
  ): Promise<{ loss: number; gradients: Map<string, Float32Array> }> {
    const pairs = [this.objects, this.classes];
    const outputs = await this.session.run({
      ...feeds(this.model, batch, this.objects, this.classes, parameters),
      [targetNames.image]: float32Tensor(targets.image, pairs),
      [targetNames.text]: float32Tensor(targets.text, pairs),
    });
    return {
      loss: float32Output(outputs, 'loss').data[0],
      gradients: new Map(
        this.parameterNames.map((name) => [name, float32Output(outputs, gradientName(name)).data]),
      ),
    };
  }

  dispose(): Promise<void> {
    return this.session.release();
  }
}

const gradientName = (parameter: string): string => `gradient.${parameter}`;

type Feeds = Parameters<InferenceSession['run']>[0];

function feeds(
  model: FrozenModel,
  batch: AlignmentBatch,
  objects: number,
  classes: number,
  parameters: CombinerParameters,
): Feeds {
  const { shape, grid, background } = model;
  const { width } = shape;
  const given: Record<string, ReturnType<typeof float32Tensor>> = {
    [inputNames.base]: float32Tensor(batch.base, [objects, classes, width]),
    [inputNames.texts]: float32Tensor(batch.texts, [1, classes, batch.texts.length / classes]),
  };
  const size = { objects, classes, grid };
  Object.assign(given, branchFeeds('target.', batch.target, size, width));
  if (background) {
    given[inputNames.gain] = float32Tensor(batch.gain, [objects, 1, 1]);
    Object.assign(given, backgroundFeeds(batch, model.trainedText !== null, size, width));
  }
  for (const [name, sides] of usedParameters(model))
    given[name] = float32Tensor(parameters.get(name)!, sides);
  return given;
}

function backgroundFeeds(
  { background, backgroundText, texts }: AlignmentBatch,
  textIsTrained: boolean,
  size: NetworkSize,
  width: number,
): Feeds {
  if (!background) throw new RangeError('the batch has no background');
  if (!textIsTrained) return branchFeeds('background.', background, size, width);
  if (!backgroundText) throw new RangeError('the batch has no texts to train');
  return {
    ...tokenFeeds('background.', background.tokens, size, width),
    ...backgroundTextFeeds(backgroundText, texts, size),
  };
}
