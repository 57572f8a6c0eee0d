import type { DifferentiableGraph, Value } from './differentiableGraph';

/** Names of the inputs that say which pairs belong together, each [B, K]. */
export const targetNames = { image: 'targets.image', text: 'targets.text' } as const;

/**
 * CLIP's symmetric contrastive loss L_image + L_text over B objects and K classes: cross entropy of every object over the
 * classes and of every class over the objects, means over each. Where a class has several objects in the batch they share
 * its probability (multi-positive targets), so that none is pushed from the text of its own class.
 *
 * @param omega [B, K]. @param scale what Ω is multiplied by before the softmax.
 */
export function contrastiveLoss(graph: DifferentiableGraph, omega: Value, scale: number): Value {
  const logits = graph.scale(omega, scale);
  const ofImages = graph.multiply(graph.logSoftmax(logits, 1), graph.input(targetNames.image, omega.shape));
  const ofTexts = graph.multiply(graph.logSoftmax(logits, 0), graph.input(targetNames.text, omega.shape));
  return graph.scale(graph.sum(graph.add(ofImages, ofTexts), [0, 1]), -1);
}

/**
 * The targets of a batch.
 *
 * @param rows the column of each object's class. @param columns K.
 */
export function contrastiveTargets(
  rows: readonly number[],
  columns: number,
): { image: Float32Array; text: Float32Array } {
  const inColumn = new Float64Array(columns);
  for (const column of rows) inColumn[column]++;
  const present = inColumn.reduce((count, objects) => count + (objects > 0 ? 1 : 0), 0);
  const image = new Float32Array(rows.length * columns);
  const text = new Float32Array(rows.length * columns);
  rows.forEach((column, row) => {
    image[row * columns + column] = 1 / rows.length;
    text[row * columns + column] = 1 / inColumn[column] / present;
  });
  return { image, text };
}
