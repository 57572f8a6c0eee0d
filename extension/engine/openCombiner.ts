import { readCombinerFile, refuseForeignCombiner, type CombinerFile } from '../hub/combinerFile';
import type { Bundle } from '../hub/bundle';
import type { TrainedCombiner } from '../pipeline/combiner';
import type { CombinerIdentity } from '../protocol/methodConfiguration';
import { UserFacingError } from '../protocol/userFacingError';
import { combinerFromTensors } from '../tuning/combinerTensors';

/** A combiner as results record it. */
export function combinerIdentity({ sha256, header }: CombinerFile): CombinerIdentity {
  return { sha256, folder: header.tunedOn.folder, objects: header.tunedOn.objects };
}

/**
 * A tuned combiner from its file.
 *
 * @throws UserFacingError when there is none, it is damaged, or it was tuned on another bundle.
 */
export async function openCombiner(
  path: string,
  bundle: Bundle,
): Promise<{ file: CombinerFile; combiner: TrainedCombiner }> {
  const file = await readCombinerFile(path);
  refuseForeignCombiner(file, bundle);
  try {
    return { file, combiner: combinerFromTensors(file.tensors, file.header.shape) };
  } catch (error) {
    throw new UserFacingError(`Combiner ${path} is damaged: ${(error as Error).message}. Tune it again.`);
  }
}
