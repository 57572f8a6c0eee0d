import type { ScoreForm } from './configuration';
import { argmax, dotProduct, softmax } from './vectors';

/**
 * Alignment scores Ω(x, c) = cos(M_img(c), M(t_c)): every class's representation with its own text.
 *
 * @param images M_img(c), C × D. @param unitTexts M(t_c) at unit length, C × D.
 */
export function alignmentScores(
  images: Float32Array,
  unitTexts: Float32Array,
  dimension: number,
): Float32Array {
  const scores = new Float32Array(images.length / dimension);
  for (let c = 0; c < scores.length; c++) {
    const start = c * dimension;
    const norm = Math.sqrt(dotProduct(images, start, images, start, dimension));
    scores[c] = norm > 0 ? dotProduct(images, start, unitTexts, start, dimension) / norm : 0;
  }
  return scores;
}

/** S(x) and c* = argmax_c Ω(x, c). `max`: S = max_c Ω; `softmax`: S = max_c softmax(Ω / T), the same c*. */
export function objectScore(
  classScores: Float32Array,
  form: ScoreForm,
): { score: number; predictedClass: number } {
  const predictedClass = argmax(classScores);
  const score =
    form.kind === 'max'
      ? classScores[predictedClass]
      : softmax(classScores, form.temperature)[predictedClass];
  return { score, predictedClass };
}

/** The decision: out of distribution when S(x) < δ. */
export function isOutOfDistribution(score: number, threshold: number): boolean {
  return score < threshold;
}
