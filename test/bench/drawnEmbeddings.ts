import { seededRandom } from '../../extension/pipeline/seededRandom';

/** As wide as those of CLIP ViT-B/16. */
const width = 512;
/** Half of the objects are about so many centres, the others alone; all share a large part. */
const kinds = 3000;

/** Embeddings of objects, one after the other. */
export function* drawnEmbeddings(): Generator<Float32Array, never> {
  const random = seededRandom(20261127);
  const draw = (): Float32Array => Float32Array.from({ length: width }, () => random() + random() - 1);
  const common = draw();
  const centres = Array.from({ length: kinds }, draw);
  for (let number = 0; ; number++) {
    const own = draw();
    const centre = number % 2 === 0 ? centres[Math.floor(random() * kinds)] : draw();
    yield own.map((value, k) => 1.4 * common[k] + centre[k] + 0.4 * value);
  }
}
