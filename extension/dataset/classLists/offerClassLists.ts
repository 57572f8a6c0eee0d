import { basename, relative } from 'node:path';
import { readClassFolders } from '../annotations/classFolders';
import type { FoundAnnotations } from '../annotations/findAnnotations';
import { classListPresets } from './presets';
import { checkClassList } from './readClassList';

/** A class list a person can choose, and where it is from. */
export interface ClassListOffer {
  label: string;
  detail: string;
  kind: 'folder' | 'preset';
  classes: string[];
}

/**
 * Class lists for a folder: what its own files say (YOLO `data.yaml`, classes of other annotations, one folder a class),
 * then the presets. Lists that could not serve (empty, equal names) are left out.
 *
 * @param images files of the folder, relative to it. @param found what `findAnnotations` found in it.
 */
export async function offerClassLists(
  folder: string,
  images: readonly string[],
  { annotations, yolo }: FoundAnnotations,
): Promise<ClassListOffer[]> {
  const offers: ClassListOffer[] = [];
  const add = (label: string, origin: string, names: readonly string[]): void => {
    const classes = usable(names);
    if (!classes || offers.some((offer) => offer.classes.join('\n') === classes.join('\n'))) return;
    offers.push({ label, detail: describe(origin, classes), kind: 'folder', classes });
  };
  if (yolo) add(basename(yolo.file), relative(folder, yolo.file) || yolo.file, [...yolo.names.values()]);
  if (annotations && annotations.format !== 'YOLO' && annotations.format !== 'Class folders')
    add(
      `${annotations.format} annotations`,
      relative(folder, annotations.source) || annotations.source,
      annotations.classNames,
    );
  const folders = await readClassFolders(folder, images);
  if (folders) add('Folder names', 'one folder a class', folders.classNames);
  for (const { title, names } of classListPresets)
    offers.push({
      label: `${title} ${names.length}`,
      detail: describe('preset', names),
      kind: 'preset',
      classes: [...names],
    });
  return offers;
}

function usable(names: readonly string[]): string[] | undefined {
  try {
    return checkClassList(names, 'the list');
  } catch {
    return undefined;
  }
}

function describe(origin: string, names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return `${origin} · ${names.length} ${names.length === 1 ? 'class' : 'classes'}: ${shown}${names.length > 4 ? ', …' : ''}`;
}
