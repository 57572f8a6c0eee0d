import { join } from 'node:path';
import type { Bundle } from '../../hub/bundle';
import type { ClassTexts } from '../../pipeline/backgroundText';
import { UserFacingError } from '../../protocol/userFacingError';
import { onnxruntimeFault } from '../../towers/onnxruntimeFault';

/**
 * The texts of a class list, when text tower, tokenizer and image tower go together.
 *
 * @param dimension D of the image tower.
 * @param encode asks the text tower.
 * @throws UserFacingError saying which of them does not fit.
 */
export async function soundTexts(
  { directory, manifest }: Pick<Bundle, 'directory' | 'manifest'>,
  dimension: number,
  encode: () => Promise<ClassTexts>,
): Promise<ClassTexts> {
  const tower = `Text tower ${join(directory, manifest.text.file)}`;
  const texts = await encode().catch((error: unknown) => {
    if (error instanceof UserFacingError) throw error;
    throw new UserFacingError(
      `${tower} cannot read the class names: ${onnxruntimeFault(error as Error)}. Use the tokenizer.json that belongs to it, and the config.json that says how long its texts are.`,
    );
  });
  if (texts.dimension !== dimension)
    throw new UserFacingError(
      `${tower} gives ${texts.dimension} numbers a class and the image tower ${dimension} a photo, so they are not of one model. Use the two of one export.`,
    );
  if (!texts.embeddings.every(Number.isFinite))
    throw new UserFacingError(
      `${tower} gives what are no numbers, as 16-bit models do that overflow. Use its fp32 export.`,
    );
  return texts;
}
