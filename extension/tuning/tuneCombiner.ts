import type { TrainedCombiner } from '../pipeline/combiner';
import type { ScoreForm } from '../pipeline/configuration';
import type { CurvePoint, HeldOutFigures } from '../protocol/tuning';
import type { SessionOptions } from '../towers/session';
import { AdamW } from './adamW';
import { modelParameters, type FrozenModel } from './alignmentNetwork';
import { alignmentBatch, batches, batchSize, type BatchTexts } from './batches';
import { initialParameters, startingFrom, type CombinerParameters } from './combinerParameters';
import { contrastiveTargets } from './contrastiveLoss';
import { heldOutFigures, heldOutScores, type HeldOutScores } from './heldOut';
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
  /** What it begins as; null: at nothing. */
  start: TrainedCombiner | null;
  /** Forms of the score to choose from; the first is that of the form of the method. */
  scoreForms: readonly [ScoreForm, ...ScoreForm[]];
}

/** Held-out objects as one form of the score sees them. */
interface HeldOutLook {
  scoreForm: ScoreForm;
  scores: HeldOutScores;
  figures: HeldOutFigures;
}

/** A look at the held-out objects, with the parameters that it judges. */
export interface TunedLook extends HeldOutLook {
  step: number;
  parameters: CombinerParameters;
}

export interface TunedParameters {
  /** The best of all looks and forms of the score; step 0 is the untuned combiner. */
  best: TunedLook;
  /** The best look after the first step, by the first form of the score. */
  bestTrained: TunedLook;
  /** Of all looks in all forms of the score; the first is before the first step, by the first form. */
  candidates: HeldOutScores[];
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
  const drawn = initialParameters(modelParameters(model), settings.seed);
  const parameters = settings.start ? startingFrom(settings.start, drawn) : drawn;
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
    const candidates: HeldOutScores[] = [];
    let best: TunedLook | undefined;
    let bestTrained: TunedLook | undefined;
    let losses: number[] = [];
    const look = async (step: number): Promise<boolean> => {
      const loss = losses.length > 0 ? losses.reduce((sum, value) => sum + value, 0) / losses.length : null;
      losses = [];
      const looks = await judge.look(parameters);
      candidates.push(...looks.map(({ scores }) => scores));
      const leading = looks.reduce(better);
      const [first] = looks;
      const ahead = (one: TunedLook | undefined, of: HeldOutLook): TunedLook =>
        one && !isBetter(of.figures, one.figures) ? one : { ...of, step, parameters: copyOf(parameters) };
      best = ahead(best, leading);
      if (step > 0) bestTrained = ahead(bestTrained, first);
      const point = { step, loss, heldOut: leading.figures };
      curve.push(point);
      looked(point);
      return step - best.step < patience * lookEvery;
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
    return { best: best!, bestTrained: bestTrained!, candidates, curve };
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

/** Of equal ones the first. */
function better(one: HeldOutLook, other: HeldOutLook): HeldOutLook {
  return isBetter(other.figures, one.figures) ? other : one;
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

  /** The held-out objects in each form of the score. */
  async look(parameters: CombinerParameters): Promise<HeldOutLook[]> {
    const { heldOut, outside } = this.examples;
    const labels = heldOut.map(({ label }) => label);
    const omega = await this.omega(heldOut, parameters);
    const ofOutside = await this.omega(outside, parameters);
    return this.settings.scoreForms.map((scoreForm) => {
      const scores = heldOutScores(labels, omega, ofOutside, scoreForm);
      return { scoreForm, scores, figures: heldOutFigures(scores) };
    });
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
