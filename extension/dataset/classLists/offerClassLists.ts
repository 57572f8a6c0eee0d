import { basename, relative } from 'node:path';
import { readClassFolders } from '../annotations/classFolders';
import type { AnnotationProblem } from '../annotations/annotations';
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

export interface OfferedClassLists {
  offers: ClassListOffer[];
  /** Files whose classes cannot serve as a list. */
  problems: AnnotationProblem[];
}

/**
 * Class lists for a folder: what its own files say (YOLO `data.yaml`, classes of other annotations, one folder a class), what a
 * `data.yaml` above it says, then the presets. Lists that could not serve (equal or blank names) are problems.
 *
 * @param images files of the folder, relative to it. @param found what `findAnnotations` found in it.
 */
export async function offerClassLists(
  folder: string,
  images: readonly string[],
  { annotations, yolo }: FoundAnnotations,
): Promise<OfferedClassLists> {
  const offers: ClassListOffer[] = [];
  const problems: AnnotationProblem[] = [];
  const add = (
    label: string,
    file: string,
    names: readonly string[],
    origin = nameOf(folder, file),
  ): void => {
    if (names.length === 0) return;
    const classes = usable(names, basename(file), (reason) => problems.push({ file, reason }));
    if (!classes || offers.some((offer) => offer.classes.join('\n') === classes.join('\n'))) return;
    offers.push({ label, detail: describe(origin, classes), kind: 'folder', classes });
  };
  const addYolo = (isAbove: boolean): void => {
    if (yolo && nameOf(folder, yolo.file).startsWith('..') === isAbove)
      add(basename(yolo.file), yolo.file, [...yolo.names.values()]);
  };
  addYolo(false);
  if (annotations && annotations.format !== 'YOLO' && annotations.format !== 'Class folders')
    add(`${annotations.format} annotations`, annotations.source, annotations.classNames);
  const folders = await readClassFolders(folder, images);
  if (folders) add('Folder names', folder, folders.classNames, 'one folder a class');
  addYolo(true);
  for (const { title, names } of classListPresets)
    offers.push({
      label: `${title} ${names.length}`,
      detail: describe('preset', names),
      kind: 'preset',
      classes: [...names],
    });
  return { offers, problems };
}

const nameOf = (folder: string, file: string): string => relative(folder, file) || file;

function usable(
  names: readonly string[],
  source: string,
  tell: (reason: string) => void,
): string[] | undefined {
  try {
    return checkClassList(names, source);
  } catch (error) {
    tell((error as Error).message);
    return undefined;
  }
}

function describe(origin: string, names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return `${origin} · ${names.length} ${names.length === 1 ? 'class' : 'classes'}: ${shown}${names.length > 4 ? ', …' : ''}`;
}
