import { describe, expect, it } from 'vitest';
import { seededRandom } from '../pipeline/seededRandom';
import { unitRows } from '../pipeline/vectors';
import { initialParameters, parameterShapes, shapeOf, trainedCombiner } from './combinerParameters';
import type { ScoreForm } from '../pipeline/configuration';
import type { CurvePoint } from '../protocol/tuning';
import { heldOutFigures } from './heldOut';
import { tuneCombiner, type TuningExamples, type TuningSettings } from './tuneCombiner';
import type { TuningExample } from './tuningExample';

const width = 12;
const classes = 3;
const tokens = 5;
const model = {
  shape: { width, bottleneck: 4, hidden: 8 },
  grid: [2, 2] as const,
  head: { matrix: identity(width), offset: new Float32Array(width), dimension: width, epsilon: 1e-5 },
  tokenMap: null,
  pooledShare: 1,
  background: false,
  convolutions: true,
  trainedText: null,
};
const settings: TuningSettings = {
  seed: 1,
  steps: 40,
  learningRate: 3e-3,
  weightDecay: 0.01,
  scale: 30,
  gain: 0,
  start: null,
  scoreForms: [{ kind: 'max' }],
};

function identity(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
}

/** Objects whose patches carry their class where no text looks: only a combiner can bring it there. */
function invented(seed: number, each: number, label: number): TuningExample[] {
  const random = seededRandom(seed);
  return Array.from({ length: each }, () => {
    const z = Float32Array.from({ length: tokens * width }, () => random() - 0.5);
    for (let token = 0; token < tokens; token++)
      z[token * width + 6 + Math.max(label, 0)] += label < 0 ? 0 : 2;
    const weights = new Float32Array(tokens * classes).fill(1 / tokens);
    const base = new Float32Array(classes * width);
    for (let c = 0; c < classes; c++)
      for (let at = 0; at < z.length; at++) base[c * width + (at % width)] += z[at] / tokens;
    return {
      label,
      target: { tokens: z, weights },
      background: null,
      base,
      backgroundBase: null,
      aligning: null,
    };
  });
}

const each = (seed: number, count: number): TuningExample[] =>
  [0, 1, 2].flatMap((label) => invented(seed + label, count, label));
const texts = new Float32Array(classes * width);
for (let c = 0; c < classes; c++) texts[c * width + c] = 1;
const examples: TuningExamples = {
  training: each(10, 10),
  heldOut: each(20, 10),
  outside: [],
  unitTexts: unitRows(texts, width),
  weightedTexts: null,
  classes,
};

describe('tuning a combiner', () => {
  it('learns what the frozen parts do not say, and keeps the best look', async () => {
    const told: CurvePoint[] = [];
    const never = new AbortController().signal;
    const tuned = await tuneCombiner(
      examples,
      model,
      settings,
      { threads: 1 },
      (point) => told.push(point),
      never,
    );
    const [untuned] = tuned.curve;
    const { figures: heldOut } = tuned.best;
    expect(tuned.curve).toEqual(told);
    expect(untuned).toMatchObject({ step: 0, loss: null, heldOut: heldOutFigures(tuned.candidates[0]) });
    expect(heldOut.accuracy).toBeGreaterThan(untuned.heldOut.accuracy + 0.3);
    expect(heldOut.separation).toBeGreaterThan(untuned.heldOut.separation + 0.1);
    expect(heldOut.against).toBe('ownClassLeftOut');
    expect(heldOutFigures(tuned.best.scores)).toEqual(heldOut);
    expect(Math.max(...tuned.curve.map((point) => point.heldOut.separation))).toBe(heldOut.separation);
  });

  it('is the same with the same seed', async () => {
    const short = { ...settings, steps: 5 };
    const run = (): ReturnType<typeof tuneCombiner> =>
      tuneCombiner(examples, model, short, { threads: 1 }, () => undefined, new AbortController().signal);
    expect((await run()).curve).toEqual((await run()).curve);
  });

  it('gives back the untuned combiner where nothing is better', async () => {
    const still = { ...settings, learningRate: 0, weightDecay: 0, steps: 10 };
    const { best, bestTrained } = await tuneCombiner(
      ...([examples, model, still, { threads: 1 }, () => undefined, new AbortController().signal] as const),
    );
    expect(best.step).toBe(0);
    expect(best.parameters).toEqual(initialParameters(parameterShapes(model.shape), settings.seed));
    expect(bestTrained.step).toBe(5);
  });

  it('begins as the combiner it is given, and learns from there', async () => {
    const signal = new AbortController().signal;
    const tune = (start: TuningSettings['start'], steps: number): ReturnType<typeof tuneCombiner> =>
      tuneCombiner(examples, model, { ...settings, start, steps }, { threads: 1 }, () => undefined, signal);
    const { best: learnt } = await tune(null, 40);
    expect(learnt.step).toBeGreaterThan(0);
    const start = trainedCombiner(learnt.parameters);
    expect(shapeOf(start)).toEqual(model.shape);
    const again = await tune(start, 0);
    expect(again.best.step).toBe(0);
    expect(again.best.parameters).toEqual(learnt.parameters);
    expect(again.curve[0].heldOut).toEqual(learnt.figures);
    const further = await tune(start, 10);
    expect(further.bestTrained.parameters).not.toEqual(learnt.parameters);
    expect(trainedCombiner(learnt.parameters)).toEqual(start); // what was given is not written to
  });

  it('chooses the form of the score that tells held-out objects apart best, the first of equal ones', async () => {
    const signal = new AbortController().signal;
    const tune = (...scoreForms: [ScoreForm, ...ScoreForm[]]): ReturnType<typeof tuneCombiner> =>
      tuneCombiner(examples, model, { ...settings, scoreForms }, { threads: 1 }, () => undefined, signal);
    const max: ScoreForm = { kind: 'max' };
    // So hot that every object scores a third: it tells nothing apart.
    const hot: ScoreForm = { kind: 'softmax', temperature: 1e12 };
    const tuned = await tune(hot, max);
    expect(heldOutFigures(tuned.candidates[0]).separation).toBe(0);
    expect(tuned.best.scoreForm).toEqual(max);
    expect(tuned.best.figures).toEqual((await tune(max)).best.figures);
    expect(tuned.bestTrained.scoreForm).toEqual(hot); // parts are taken from one form alone
    expect((await tune(max, { kind: 'max' })).best.scoreForm).toBe(max);
  });

  it('stops between two steps', async () => {
    const stop = new AbortController();
    const looked = ({ step }: CurvePoint): void => {
      if (step === 5) stop.abort(new Error('enough'));
    };
    await expect(
      tuneCombiner(examples, model, settings, { threads: 1 }, looked, stop.signal),
    ).rejects.toThrow('enough');
  });
});
