import type { ClassAliases } from './classAliases';
import { promptSets } from './promptSets';

/**
 * Every switch of the method in one object. It is recorded with every result, so that a score can always be
 * traced to the exact form that made it.
 */
export interface MethodConfiguration {
  /** β of the target from its own [CLS] query; off: uniform weights 1/(N+1). */
  intraImageAttention: boolean;
  /** β of the background from the target's [CLS] query; off: uniform weights 1/(N+1). */
  interImageAttention: boolean;
  /** μ_x(c) = max(cos(P z_i, M(t_c)), 0) on the target's tokens; off: 1. */
  targetAlignment: boolean;
  /** μ_(x)(c) against the background text on the background's tokens; off: 1. */
  backgroundAlignment: boolean;
  /** The background branch as a whole. The paper never drops it; off: γ = 0. */
  backgroundBranch: boolean;
  /** How the background text M̃(c) is made from the class texts. */
  backgroundText: BackgroundTextForm;
  /** The CNN of the combiner, where there is one; off: its MLP sees [CLS] alone. */
  convolutions: boolean;
  /** How pooled tokens are read out as a score; belongs to the bundle. */
  readout: ReadoutConfiguration;
  /** How the object and its background meet the tower's square input. */
  views: ViewConfiguration;
  /** Prompt templates with one `{}` each; embeddings are averaged at unit length. */
  prompts: string[];
  /** Other names of classes, which count as much as their own. */
  aliases: ClassAliases;
}

/** `interText`: inter-text attention w; `joinedPrompt`: one prompt of all prompts joined by ", "; `average`: plain mean. */
export type BackgroundTextForm = 'interText' | 'joinedPrompt' | 'average';

export interface ReadoutConfiguration {
  /** Use the bundle's token map R and offset; off: identity. */
  tokenMap: boolean;
  /** λ in [0, 1]: share of the target's own [CLS] token, z_x(c) = (1-λ)·R(Σ a_i z_i) + λ z_0. */
  clsShare: number;
  /** γ ≥ 0: gain of the background term. 1 in the paper. */
  backgroundGain: number;
  /** Subtract the bundle's mean background m from the background term. */
  centreBackground: boolean;
  /** Use the bundle's generic combiner where none was tuned, and begin tuning from it; off: pooling alone, and from nothing. */
  genericCombiner: boolean;
  scoreForm: ScoreForm;
}

/** `max`: S = max_c Ω. `softmax`: S = max_c softmax(Ω / T). */
export type ScoreForm = { kind: 'max' } | { kind: 'softmax'; temperature: number };

export interface ViewConfiguration {
  /** Margin added on each side of the box, as a share of its width and height (.1: ten per cent), cut at the image. */
  boxMargin: number;
  /**
   * The background view: `masked`, the photo with the box in the mean colour, a pass for each object; or `shared`, one pass
   * of the whole photo for all its objects, with the tokens under the box left out of the softmax. Faster, and not the same.
   */
  background: BackgroundView;
}

export type BackgroundView = 'masked' | 'shared';

/** The paper's literal form, training-free: R = identity, λ = 0, m = 0, γ = 1, max Ω. */
export const literalConfiguration: MethodConfiguration = {
  intraImageAttention: true,
  interImageAttention: true,
  targetAlignment: true,
  backgroundAlignment: true,
  backgroundBranch: true,
  backgroundText: 'interText',
  convolutions: true,
  readout: {
    tokenMap: false,
    clsShare: 0,
    backgroundGain: 1,
    centreBackground: false,
    genericCombiner: false,
    scoreForm: { kind: 'max' },
  },
  views: { boxMargin: 0, background: 'masked' },
  prompts: [...promptSets.single],
  aliases: {},
};
