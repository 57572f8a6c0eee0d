import type { ScoreForm } from '../pipeline/configuration';
import type { CurvePoint, HeldOutFigures } from '../protocol/tuning';
import type { SessionOptions } from '../towers/session';
import { AdamW } from './adamW';
import { modelParameters, type FrozenModel } from './alignmentNetwork';
import { alignmentBatch, batches, batchSize, type BatchTexts } from './batches';
import { initialParameters, type CombinerParameters } from './combinerParameters';
import { contrastiveTargets } from './contrastiveLoss';
import { heldOutFigures } from './heldOut';
import type { TuningExample } from './tuningExample';
import { AlignmentSession, TuningStep } from './tuningStep';

/** The objects of a tuning run, prepared for one form of the method. */
export interface TuningExamples extends BatchTexts {
  /** As in training. */
  training: readonly TuningExample[];
  /** As at inference. */
  heldOut: readonly TuningExample[];
  outside: readonly TuningExample[];
}

export interface TuningSettings {
  seed: number;
  /** At most; held-out objects mostly stop it before. */
  steps: number;
  /** Of the first step; it falls to zero along half a cosine. */
  learningRate: number;
  weightDecay: number;
  /** What Ω is multiplied by in the loss. */
  scale: number;
  /** γ. */
  gain: number;
  scoreForm: ScoreForm;
}

export interface TunedParameters {
  parameters: CombinerParameters;
  /** The look at which they were best; step 0 is the untuned combiner. */
  best: CurvePoint;
  curve: CurvePoint[];
}

/** Steps between two looks. */
export const lookEvery = 5;
/** Looks without a better one after which tuning ends. */
const patience = 6;
/** Pairs a run when objects are only scored. */
const pairsARun = 400;

/**
 * Tunes a combiner with both towers frozen: AdamW on the symmetric contrastive loss, and of all looks at the held-out
 * objects the parameters of the best. What is best is how well they are told from what does not belong.
 *
 * @param looked told every look; tuning goes on when it has returned.
 * @throws the signal's reason when aborted, between two steps.
 */
export async function tuneCombiner(
  examples: TuningExamples,
  model: FrozenModel,
  settings: TuningSettings,
  options: SessionOptions,
  looked: (point: CurvePoint) => void,
  signal: AbortSignal,
): Promise<TunedParameters> {
  const parameters = initialParameters(modelParameters(model), settings.seed);
  const withShots = new Set(examples.training.map(({ label }) => label)).size;
  const size = batchSize(withShots);
  const step = await TuningStep.open(model, size.objects, size.classes, settings.scale, options);
  const judge = await Judge.open(examples, model, settings, options);
  try {
    const optimiser = new AdamW({
      learningRate: settings.learningRate,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
      weightDecay: settings.weightDecay,
    });
    const curve: CurvePoint[] = [];
    let best: { point: CurvePoint; parameters: CombinerParameters } | undefined;
    let losses: number[] = [];
    const look = async (at: number): Promise<boolean> => {
      const loss = losses.length > 0 ? losses.reduce((sum, value) => sum + value, 0) / losses.length : null;
      losses = [];
      const point = { step: at, loss, heldOut: await judge.look(parameters) };
      curve.push(point);
      if (!best || isBetter(point.heldOut, best.point.heldOut))
        best = { point, parameters: copyOf(parameters) };
      looked(point);
      return at - best.point.step < patience * lookEvery;
    };
    await look(0);
    let taken = 0;
    for (const batch of batches(examples.training, settings.seed)) {
      if (taken === settings.steps) break;
      await pause(); // the thread also answers questions
      signal.throwIfAborted();
      const rows = batch.examples.map(({ label }) => batch.columns.indexOf(label));
      const { loss, gradients } = await step.run(
        alignmentBatch(batch.examples, batch.columns, settings.gain, examples),
        contrastiveTargets(rows, batch.columns.length),
        parameters,
      );
      optimiser.step(parameters, gradients, cosineRate(settings, taken));
      losses.push(loss);
      taken++;
      if (taken % lookEvery === 0 && !(await look(taken))) break;
    }
    return { parameters: best!.parameters, best: best!.point, curve };
  } finally {
    await step.dispose();
    await judge.dispose();
  }
}

/** Falls from the learning rate to zero along half a cosine. */
function cosineRate({ learningRate, steps }: TuningSettings, taken: number): number {
  return (learningRate * (1 + Math.cos((Math.PI * taken) / steps))) / 2;
}

/** Separation first; where it ties, as with objects told apart already, accuracy. */
export function isBetter(one: HeldOutFigures, other: HeldOutFigures): boolean {
  return (
    one.separation > other.separation ||
    (one.separation === other.separation && one.accuracy > other.accuracy)
  );
}

function copyOf(parameters: CombinerParameters): CombinerParameters {
  return new Map([...parameters].map(([name, values]) => [name, values.slice()]));
}

const pause = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Scores the held-out objects against all classes. */
class Judge {
  private constructor(
    private readonly session: AlignmentSession,
    private readonly examples: TuningExamples,
    private readonly settings: TuningSettings,
  ) {}

  static async open(
    examples: TuningExamples,
    model: FrozenModel,
    settings: TuningSettings,
    options: SessionOptions,
  ): Promise<Judge> {
    const objects = Math.max(1, Math.floor(pairsARun / examples.classes));
    return new Judge(
      await AlignmentSession.open(model, objects, examples.classes, options),
      examples,
      settings,
    );
  }

  async look(parameters: CombinerParameters): Promise<HeldOutFigures> {
    const { heldOut, outside } = this.examples;
    return heldOutFigures(
      heldOut.map(({ label }) => label),
      await this.omega(heldOut, parameters),
      await this.omega(outside, parameters),
      this.settings.scoreForm,
    );
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }

  private async omega(
    examples: readonly TuningExample[],
    parameters: CombinerParameters,
  ): Promise<Float32Array> {
    const { classes } = this.examples;
    const columns = Array.from({ length: classes }, (_, c) => c);
    const all = new Float32Array(examples.length * classes);
    for (let start = 0; start < examples.length; start += this.session.objects) {
      const part = examples.slice(start, start + this.session.objects);
      const full = [...part, ...new Array<TuningExample>(this.session.objects - part.length).fill(part[0])];
      const batch = alignmentBatch(full, columns, this.settings.gain, this.examples);
      const omega = await this.session.omega(batch, parameters);
      all.set(omega.subarray(0, part.length * classes), start * classes);
    }
    return all;
  }
}
