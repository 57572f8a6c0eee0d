import { readFile } from 'node:fs/promises';
import type { EditableFormat } from '../../protocol/annotationSource';
import type { AnnotationPlace } from '../../protocol/annotations';
import { jsonOutline } from './jsonOutline';
import { textOf, textRange, textRangeOfBytes } from './textRanges';
import { vocObjects } from './vocText';

/**
 * Where an entry of an annotation file stands: the JSON object, the line, the `<object>`.
 *
 * @param entry as `AnnotatedBox` counts it. @returns undefined where the file has no such entry any more.
 */
export async function entryPlace(
  format: EditableFormat,
  file: string,
  entry: number,
): Promise<AnnotationPlace | undefined> {
  switch (format) {
    case 'COCO':
      return jsonPlace(file, 'annotations', entry);
    case 'COCO results':
      return jsonPlace(file, null, entry);
    case 'YOLO':
      return linePlace(file, entry);
    case 'Pascal VOC':
      return vocPlace(file, entry);
  }
}

async function jsonPlace(
  file: string,
  list: string | null,
  entry: number,
): Promise<AnnotationPlace | undefined> {
  for await (const part of jsonOutline(file)) {
    if (part.kind !== 'entry' || part.list !== list || part.index !== entry) continue;
    return { file, range: await textRangeOfBytes(file, part.range), text: await textOf(file, part.range) };
  }
  return undefined;
}

async function linePlace(file: string, line: number): Promise<AnnotationPlace | undefined> {
  const text = (await readFile(file, 'utf8')).split(/\r?\n/)[line];
  if (text === undefined) return undefined;
  return { file, range: { start: { line, character: 0 }, end: { line, character: text.length } }, text };
}

async function vocPlace(file: string, entry: number): Promise<AnnotationPlace | undefined> {
  const text = await readFile(file, 'utf8');
  const object = vocObjects(text)[entry];
  if (!object) return undefined;
  const { start, end } = object.whole;
  const mark = text.startsWith('\uFEFF') ? 1 : 0; // editors show none
  return { file, range: textRange(text.slice(mark), start - mark, end - mark), text: text.slice(start, end) };
}
