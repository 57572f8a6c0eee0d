import { alignment } from './alignment';
import { alignmentScores, objectScore } from './alignmentScore';
import { backgroundTexts, type ClassTexts } from './backgroundText';
import { baselineScores, type BaselineScores } from './baselines';
import { withoutConvolutions, type TrainedCombiner } from './combiner';
import type { MethodConfiguration } from './configuration';
import { objectRepresentations, type Readout, type WeightedTokens } from './representation';
import { tokenWeights } from './tokenWeights';
import { unitRows } from './vectors';
import { plainProducts, type MatrixProducts } from './matrixProducts';

/** What one pass of the image tower leaves of a view: N+1 tokens, [CLS] first. */
export interface TowerPass {
  /** z, tokens × Dv, before post-layernorm. */
  tokens: Float32Array;
  /** P z, tokens × D. */
  projected: Float32Array;
  /** β, tokens: the cross attention of the target's [CLS] query over this view's keys. */
  attention: Float32Array;
  /** Tokens the object's box hides, as flags; their attention is 0. Absent: none. */
  hidden?: Uint8Array;
}

/** The passes of one object. */
export interface ObjectPasses {
  target: TowerPass;
  /** Null when the object fills the picture: there is no background. */
  background: TowerPass | null;
  /** Whether the picture holds another object; without one, background alignment is 1. */
  hasOtherObjects: boolean;
  /** [CLS] embedding of the blurred whole photo, D. */
  blurredPhoto: Float32Array;
}

/** The texts of a class list made ready for a configuration, once for a whole scan. */
export interface PreparedTexts {
  classes: number;
  dimension: number;
  /** M(t_c), C × D at unit length. */
  classTexts: Float32Array;
  /** M̃(c), C × D at unit length. */
  backgroundTexts: Float32Array;
}

export function prepareTexts(texts: ClassTexts, configuration: MethodConfiguration): PreparedTexts {
  return {
    classes: texts.classes,
    dimension: texts.dimension,
    classTexts: texts.embeddings,
    backgroundTexts: unitRows(backgroundTexts(texts, configuration.backgroundText), texts.dimension),
  };
}

/** The parts of the model the method needs besides the towers' passes. */
export interface MethodModel {
  readout: Readout;
  /** Tuned on labels; null: the readout's, where the configuration uses it. */
  combiner: TrainedCombiner | null;
  /** Rows and columns of the patch grid. */
  grid: readonly [number, number];
  /** P: post-layernorm and projection of `rows` tokens, rows × Dv to rows × D. */
  project(tokens: Float32Array, rows: number): Promise<Float32Array>;
  /** Absent: the pipeline's own. */
  products?: MatrixProducts;
}

/** The maps of the best class; index 0 is [CLS], then the grid row by row. Null where that part was not used. */
export interface ObjectExplanation {
  betaIntra: Float32Array;
  muTarget: Float32Array;
  betaInter: Float32Array | null;
  /** Null also where the picture holds no other object: μ is 1 then, and ω = β. */
  muBackground: Float32Array | null;
}

export interface ScoredObject {
  score: number;
  /** c*, an index into the class list. */
  predictedClass: number;
  /** Ω(x, c) for every class. */
  classScores: Float32Array;
  baselines: BaselineScores;
  /** The target's [CLS] embedding at unit length, D: what objects are compared by. */
  embedding: Float32Array;
  explanation: ObjectExplanation;
}

/** UNI-OOD of one object: every class's own representation, its alignment score, the best class and its maps. */
export async function scoreObject(
  passes: ObjectPasses,
  texts: PreparedTexts,
  configuration: MethodConfiguration,
  model: MethodModel,
): Promise<ScoredObject> {
  const { classes, dimension } = texts;
  const products = model.products ?? plainProducts;
  const { target, background, cosines, unitCls } = await weightedBranches(
    passes,
    texts,
    configuration,
    products,
  );
  const width = passes.target.tokens.length / passes.target.attention.length;
  const combiner =
    model.combiner ?? (configuration.readout.genericCombiner ? model.readout.genericCombiner : null);
  const representations = await objectRepresentations(
    target,
    background,
    { classes, width, grid: model.grid },
    configuration.readout,
    model.readout,
    combiner && !configuration.convolutions ? withoutConvolutions(combiner) : combiner,
    products,
  );
  const images = await model.project(representations, classes);
  const classScores = alignmentScores(images, texts.classTexts, dimension);
  const { score, predictedClass } = objectScore(classScores, configuration.readout.scoreForm);
  return {
    score,
    predictedClass,
    classScores,
    baselines: baselineScores(cosines, unitCls, passes.blurredPhoto, texts.classTexts),
    // A copy: it is a view of all projected tokens, which would all go along to another thread.
    embedding: unitCls.slice(),
    explanation: {
      betaIntra: target.attention,
      muTarget:
        columnOf(target.mu, predictedClass, classes) ?? new Float32Array(target.attention.length).fill(1),
      betaInter: background?.attention ?? null,
      muBackground: columnOf(background?.mu ?? null, predictedClass, classes),
    },
  };
}

/** The tokens of one branch with their weights for every class, and what the weights are made of. */
export interface AttendedTokens extends WeightedTokens {
  /** β as it was used. */
  attention: Float32Array;
  /** μ, tokens × C; null where alignment was left out. */
  mu: Float32Array | null;
}

/** Both branches of an object as the combiner takes them. */
export interface WeightedBranches {
  target: AttendedTokens;
  /** Null without a background, or where the branch is off. */
  background: AttendedTokens | null;
  /** cos(P z_i, M(t_c)) of the target, tokens × C. */
  cosines: Float32Array;
  /** The target's [CLS] embedding at unit length, D. */
  unitCls: Float32Array;
}

/** Attention times alignment of every token for every class, in both branches. */
export async function weightedBranches(
  passes: ObjectPasses,
  texts: PreparedTexts,
  configuration: MethodConfiguration,
  products: MatrixProducts = plainProducts,
): Promise<WeightedBranches> {
  const { classes, dimension } = texts;
  const unitProjected = unitRows(passes.target.projected, dimension);
  const cosines = await products.transposed(unitProjected, texts.classTexts, dimension);
  const muTarget = configuration.targetAlignment ? alignment(cosines) : null;
  return {
    target: weighted(passes.target, configuration.intraImageAttention, muTarget, classes),
    background: await backgroundBranch(passes, texts, configuration, products),
    cosines,
    unitCls: unitProjected.subarray(0, dimension),
  };
}

function weighted(
  pass: TowerPass,
  useAttention: boolean,
  mu: Float32Array | null,
  classes: number,
): AttendedTokens {
  const attention = useAttention ? pass.attention : uniformAttention(pass);
  return { attention, mu, weights: tokenWeights(attention, mu, classes), tokens: pass.tokens };
}

function uniformAttention({ attention, hidden }: TowerPass): Float32Array {
  const seen = hidden ? hidden.filter((flag) => flag === 0).length : attention.length;
  return attention.map((_, token) => (hidden?.[token] ? 0 : 1 / seen));
}

async function backgroundBranch(
  passes: ObjectPasses,
  texts: PreparedTexts,
  configuration: MethodConfiguration,
  products: MatrixProducts,
): Promise<AttendedTokens | null> {
  const pass = passes.background;
  if (!pass || !configuration.backgroundBranch) return null;
  const aligned = configuration.backgroundAlignment && passes.hasOtherObjects;
  const mu = aligned
    ? alignment(
        await products.transposed(
          unitRows(pass.projected, texts.dimension),
          texts.backgroundTexts,
          texts.dimension,
        ),
      )
    : null;
  return weighted(pass, configuration.interImageAttention, mu, texts.classes);
}

function columnOf(matrix: Float32Array | null, column: number, columns: number): Float32Array | null {
  if (!matrix) return null;
  return Float32Array.from({ length: matrix.length / columns }, (_, row) => matrix[row * columns + column]);
}
