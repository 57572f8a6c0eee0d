import { stat } from 'node:fs/promises';
import type { Annotations } from '../../dataset/annotations/annotations';
import { findAnnotations, readBoxes } from '../../dataset/annotations/findAnnotations';
import { listImages } from '../../dataset/images/imageFiles';
import { isEditableFormat, type EditableFormat } from '../../protocol/annotationSource';
import { folderError } from '../../protocol/folderError';
import { UserFacingError } from '../../protocol/userFacingError';
import type { StoredScan } from '../../store/scanQueries';

/** Annotations whose objects can be shown and changed where they stand. */
export interface EditableAnnotations extends Annotations {
  format: EditableFormat;
}

interface Kept {
  key: string;
  annotations: Promise<EditableAnnotations>;
  release: NodeJS.Timeout;
}

/** Milliseconds for which annotations stay in memory after they were used last. */
const keptFor = 60_000;

/** The annotations that scans took boxes or labels from, read again; the last ones stay for a while. */
export class ScanAnnotations {
  private kept: Kept | undefined;

  /** @throws UserFacingError when the scan has none, or they are gone or broken. */
  async of(folder: string, scan: StoredScan): Promise<EditableAnnotations> {
    const known = this.kept && (await this.isCurrent(folder, scan)) ? this.kept : undefined;
    if (this.kept) clearTimeout(this.kept.release);
    const annotations = known?.annotations ?? readAnnotations(folder, scan);
    const { source } = await annotations.catch((error: unknown) => {
      this.kept = undefined;
      throw error;
    });
    const release = setTimeout(() => (this.kept = undefined), keptFor).unref();
    this.kept = { key: await keyOf(folder, scan, source), annotations, release };
    return annotations;
  }

  private async isCurrent(folder: string, scan: StoredScan): Promise<boolean> {
    const { kept } = this;
    const source = (await kept?.annotations.catch(() => undefined))?.source;
    return source !== undefined && (await keyOf(folder, scan, source)) === kept?.key;
  }
}

/** The same scan, and the same state of the file. */
async function keyOf(folder: string, { id }: StoredScan, source: string): Promise<string> {
  const facts = await stat(source).catch(() => undefined);
  return JSON.stringify([folder, id, source, facts?.size, facts?.mtimeMs]);
}

async function readAnnotations(
  folder: string,
  { annotations: origin }: StoredScan,
): Promise<EditableAnnotations> {
  if (!origin)
    throw new UserFacingError(
      `The objects of ${folder} come from no annotation file. If there is one, scan the folder again; what is finished is kept.`,
    );
  const { images } = await listImages(folder).catch((error: NodeJS.ErrnoException) => {
    throw folderError(folder, error);
  });
  const files = images.map(({ file }) => file);
  const { named } = origin;
  const { annotations, problems } =
    named === null
      ? await findAnnotations(folder, files)
      : { annotations: await readBoxes(named, folder, files), problems: [] };
  if (!annotations || annotations.format !== origin.format)
    throw new UserFacingError(
      [
        `The ${origin.format} annotations of ${folder} are not there any more. Put them back, or scan the folder again.`,
        ...problems.map(({ file, reason }) => `${file}: ${reason}`),
      ].join(' '),
    );
  if (!isEditable(annotations))
    throw new UserFacingError(
      `Objects can be shown and changed in COCO, YOLO and Pascal VOC files. Those of ${folder} come from ${origin.format}.`,
    );
  return annotations;
}

const isEditable = (annotations: Annotations): annotations is EditableAnnotations =>
  isEditableFormat(annotations.format);
