import type { ReadoutConfiguration, MethodConfiguration } from '../pipeline/configuration';
import { interTextAttentionAmong, type TextAttentionTaps } from '../pipeline/interTextAttention';
import { objectRepresentations, type Readout } from '../pipeline/representation';
import { weightedBranches, type ObjectPasses, type PreparedTexts } from '../pipeline/scoreObject';
import { unitRows } from '../pipeline/vectors';

/** A labelled object with all that stays fixed while a combiner is tuned. */
export interface TuningExample {
  /** Index into the class list; -1: of none of them. */
  label: number;
  target: ExampleBranch;
  /** Null where the object fills the picture, or the branch is off. */
  background: ExampleBranch | null;
  /** (1-λ) R(Σ a z) + λ z_0 for every class, C × Dv. */
  base: Float32Array;
  /** The background term for γ = 1, C × Dv; null without a background. */
  backgroundBase: Float32Array | null;
  /** What a background text that is trained is aligned with; null without a background, or where none is trained. */
  aligning: AligningTokens | null;
}

/** The background's tokens as an alignment sees them. */
export interface AligningTokens {
  /** P z at unit length, (N+1) × D. */
  unitTokens: Float32Array;
  /** β, N+1. */
  attention: Float32Array;
  /** Whether alignment counts: the picture holds another object. */
  isAligned: boolean;
}

export interface ExampleBranch {
  /** z, (N+1) × Dv. */
  tokens: Float32Array;
  /** a, (N+1) × C. */
  weights: Float32Array;
}

/** What the examples of a tuning run have in common. */
export interface ExampleSetting {
  texts: PreparedTexts;
  /** One entry a prompt template. */
  textAttention: readonly TextAttentionTaps[];
  configuration: MethodConfiguration;
  readout: Readout;
  grid: readonly [number, number];
  /** Whether the background text is trained: training then sees the texts of inference. */
  trainsBackgroundText: boolean;
}

/**
 * Prepares an object as it is seen at inference (`otherLabels` null: background text from all classes) or in training
 * (background text from the labels of the other objects of its picture; without one, background alignment is 1).
 */
export async function tuningExample(
  passes: ObjectPasses,
  label: number,
  otherLabels: readonly number[] | null,
  setting: ExampleSetting,
): Promise<TuningExample> {
  const { configuration, readout, grid, trainsBackgroundText } = setting;
  const others = trainsBackgroundText ? null : otherLabels;
  const texts = others ? textsInTraining(setting, others) : setting.texts;
  const seen = others ? { ...passes, hasOtherObjects: others.length > 0 } : passes;
  const { target, background } = await weightedBranches(seen, texts, configuration);
  const width = target.tokens.length / target.attention.length;
  const shape = { classes: texts.classes, width, grid };
  const representation = (form: ReadoutConfiguration): Promise<Float32Array> =>
    objectRepresentations(target, background, shape, form, readout, null);
  const base = await representation({ ...configuration.readout, backgroundGain: 0 });
  const withBackground =
    background &&
    !trainsBackgroundText &&
    (await representation({ ...configuration.readout, backgroundGain: 1 }));
  return {
    label,
    target: branchOf(target),
    background: background && branchOf(background),
    base,
    backgroundBase: withBackground ? withBackground.map((value, at) => value - base[at]) : null,
    aligning:
      background && trainsBackgroundText
        ? {
            unitTokens: unitRows(passes.background!.projected, texts.dimension),
            attention: background.attention,
            isAligned: configuration.backgroundAlignment && passes.hasOtherObjects,
          }
        : null,
  };
}

function branchOf({ tokens, weights }: ExampleBranch): ExampleBranch {
  return { tokens, weights };
}

/** M̃(c) from the labels of the other objects alone. */
function textsInTraining(
  { texts, textAttention, configuration }: ExampleSetting,
  others: readonly number[],
): PreparedTexts {
  if (others.length === 0 || configuration.backgroundText === 'joinedPrompt') return texts;
  const { classes, dimension, classTexts } = texts;
  const sums = new Float32Array(classes * dimension);
  for (let c = 0; c < classes; c++) {
    const weights =
      configuration.backgroundText === 'average'
        ? others.map(() => 1 / others.length)
        : meanWeights(textAttention, c, others);
    others.forEach((other, at) => {
      for (let k = 0; k < dimension; k++)
        sums[c * dimension + k] += weights[at] * classTexts[other * dimension + k];
    });
  }
  return { ...texts, backgroundTexts: unitRows(sums, dimension) };
}

function meanWeights(taps: readonly TextAttentionTaps[], c: number, others: readonly number[]): number[] {
  const tables = taps.map((tap) => interTextAttentionAmong(tap, c, others));
  return others.map((_, at) => tables.reduce((sum, table) => sum + table[at], 0) / tables.length);
}
