import { noImageText } from '../dataset/images/imageFiles';
import { readClassList } from '../dataset/classLists/readClassList';
import type { Engine } from '../engine/engine';
import { UserFacingError } from '../protocol/userFacingError';

/**
 * The class list that `--classes` names; without it, what the folder says itself.
 *
 * @param told where the list is from, when it is the folder's own, and its first classes.
 * @throws UserFacingError when neither names one.
 */
export async function classesOf(
  engine: Engine,
  folder: string,
  spec: string | undefined,
  told: (origin: string) => void = () => undefined,
): Promise<string[]> {
  if (spec !== undefined) return readClassList(spec, folder);
  const { classLists, problems, images } = await engine.describeFolder(folder);
  const own = classLists.find(({ kind }) => kind === 'folder');
  if (own) {
    told(own.detail);
    return own.classes;
  }
  if (images === 0) throw new UserFacingError(noImageText(folder));
  throw new UserFacingError(
    [
      `${folder} does not say which classes it holds. Name them with --classes: a preset (voc, bdd, coco, imagenet), a file, or "a,b,c".`,
      ...problems.map(({ file, reason }) => `${file}: ${reason}`),
    ].join(' '),
  );
}
