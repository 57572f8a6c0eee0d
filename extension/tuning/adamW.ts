/** As PyTorch names them. */
export interface AdamWSettings {
  learningRate: number;
  betas: readonly [number, number];
  epsilon: number;
  /** Decoupled, on every parameter. */
  weightDecay: number;
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019), as PyTorch's AdamW computes it. */
export class AdamW {
  private readonly moments = new Map<string, { first: Float32Array; second: Float32Array }>();
  private steps = 0;

  constructor(private readonly settings: AdamWSettings) {}

  /** Changes the parameters in place. @param learningRate where it changes from step to step. */
  step(
    parameters: ReadonlyMap<string, Float32Array>,
    gradients: ReadonlyMap<string, Float32Array>,
    learningRate = this.settings.learningRate,
  ): void {
    const {
      betas: [beta1, beta2],
      epsilon,
      weightDecay,
    } = this.settings;
    this.steps++;
    const size = learningRate / (1 - beta1 ** this.steps);
    const correction = Math.sqrt(1 - beta2 ** this.steps);
    for (const [name, gradient] of gradients) {
      const values = parameters.get(name)!;
      const { first, second } = this.momentsOf(name, values.length);
      for (let at = 0; at < values.length; at++) {
        const slope = gradient[at];
        first[at] = beta1 * first[at] + (1 - beta1) * slope;
        second[at] = beta2 * second[at] + (1 - beta2) * slope * slope;
        const decayed = values[at] * (1 - learningRate * weightDecay);
        values[at] = decayed - (size * first[at]) / (Math.sqrt(second[at]) / correction + epsilon);
      }
    }
  }

  private momentsOf(name: string, length: number): { first: Float32Array; second: Float32Array } {
    const known = this.moments.get(name);
    if (known) return known;
    const fresh = { first: new Float32Array(length), second: new Float32Array(length) };
    this.moments.set(name, fresh);
    return fresh;
  }
}
