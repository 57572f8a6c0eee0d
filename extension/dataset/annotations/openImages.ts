import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Papa from 'papaparse';
import * as z from 'zod/mini';
import { schemaFaults } from '../../protocol/schemaFaults';
import { UserFacingError } from '../../protocol/userFacingError';
import { reasonOf } from '../images/imageFiles';
import { BoxCollector, type FileAnnotations } from './boxCollector';
import { FileMatcher } from './fileMatcher';

/** Columns without which a file of boxes is none. */
const neededColumns = ['ImageID', 'LabelName', 'XMin', 'XMax', 'YMin', 'YMax'] as const;

const share = z.pipe(
  z
    .string()
    .check(z.refine((text) => text.trim() !== '' && Number.isFinite(Number(text)), 'expected number')),
  z.transform(Number),
);
const rowSchema = z.object({
  LabelName: z.string().check(z.minLength(1)),
  XMin: share,
  XMax: share,
  YMin: share,
  YMax: share,
});

/** Whether the first line of a file is that of Open Images' boxes. */
export function isOpenImagesHeader(line: string): boolean {
  const columns = line
    .replace(/^\uFEFF/, '')
    .split(',')
    .map((column) => column.trim());
  return columns.includes('ImageID') && columns.includes('LabelName') && columns.includes('XMin');
}

/**
 * Boxes of Open Images (`*-annotations-bbox.csv`), read line by line: an image's id (its name without the ending), the
 * id of a class, and XMin, XMax, YMin, YMax as shares of the image's sides. Names of classes come from the
 * `*class-descriptions*.csv` beside the file or in the folder above it; without one, ids are the names
 * (https://storage.googleapis.com/openimages/web/download_v7.html).
 *
 * @param images files of the scanned folder.
 * @throws UserFacingError when it cannot be read or lacks a column.
 */
export async function readOpenImages(path: string, images: readonly string[]): Promise<FileAnnotations> {
  const boxes = new BoxCollector(path, 'shares');
  const files = new FileMatcher(images);
  const names = await classDescriptions(path);
  if (names.size === 0)
    boxes.fault(
      'The names of its classes are not beside it, so their ids are used; put class-descriptions-boxable.csv there',
    );
  const nameless = new Set<string>();
  await eachRow(path, (row, line) => {
    const { ImageID: image } = row;
    const file = files.findStem(image ?? '');
    if (image && file === undefined) boxes.absent(image);
    if (!image) boxes.fault(`Line ${line} is left out: it names no image`);
    if (file === undefined) return;
    const parsed = z.safeParse(rowSchema, row);
    if (!parsed.success) {
      boxes.fault(`Line ${line} is left out: ${schemaFaults(parsed.error)}`);
      return;
    }
    const { LabelName, XMin, XMax, YMin, YMax } = parsed.data;
    const label = names.get(LabelName);
    if (label === undefined && names.size > 0 && !nameless.has(LabelName)) {
      nameless.add(LabelName);
      boxes.fault(`Class ${LabelName} has no name in the class descriptions; its id is used`);
    }
    boxes.keep(file, {
      id: String(boxes.count(file) + 1),
      label: label ?? LabelName,
      box: { x: XMin, y: YMin, width: XMax - XMin, height: YMax - YMin },
      score: null,
    });
  });
  return boxes.annotations('Open Images', boxes.labels());
}

type Row = Partial<Record<(typeof neededColumns)[number], string>>;

/** Gives the rows of a CSV file with their line, from 2 on. @throws UserFacingError when it cannot be read or lacks a column. */
async function eachRow(path: string, take: (row: Row, line: number) => void): Promise<void> {
  const text = createReadStream(path);
  let line = 0;
  let places: number[] = [];
  let fault: Error | undefined;
  const takeCells = (cells: readonly string[]): void => {
    if (++line === 1) places = placesOfColumns(path, cells);
    else take(Object.fromEntries(neededColumns.map((column, at) => [column, cells[places[at]]])), line);
  };
  try {
    await new Promise<void>((resolve, reject) => {
      Papa.parse<string[]>(text, {
        delimiter: ',',
        skipEmptyLines: true,
        step: ({ data }, parser) => {
          try {
            takeCells(data);
          } catch (error) {
            fault = error as Error;
            parser.abort();
          }
        },
        complete: () => resolve(),
        error: (error) => reject(unreadable(path, error)),
      });
    });
  } finally {
    text.destroy();
  }
  if (fault) throw fault;
  if (line === 0) placesOfColumns(path, []);
}

function placesOfColumns(path: string, firstLine: readonly string[]): number[] {
  const columns = firstLine.map((column) => column.replace(/^\uFEFF/, '').trim());
  const missing = neededColumns.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new UserFacingError(
      `${path} is not an Open Images file of boxes: its first line lacks ${missing.join(', ')}. Repair it, or choose other boxes.`,
    );
  return neededColumns.map((column) => columns.indexOf(column));
}

function unreadable(path: string, error: NodeJS.ErrnoException): UserFacingError {
  return new UserFacingError(
    `${path} cannot be read: ${reasonOf(error)}. Make it readable, or choose other boxes.`,
  );
}

/** Names of classes by id, from files with lines of id and name; those of the boxable classes go before others. */
async function classDescriptions(path: string): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const folder of [dirname(dirname(path)), dirname(path)]) {
    const files = (await readdir(folder).catch(() => [])).filter((name) =>
      /class-descriptions.*\.csv$/i.test(name),
    );
    for (const file of files.sort((a, b) => Number(isBoxable(a)) - Number(isBoxable(b)))) {
      const text = await readFile(join(folder, file), 'utf8').catch(() => '');
      for (const [id, name] of Papa.parse<string[]>(text, { skipEmptyLines: true }).data)
        if (id !== 'LabelName' && name?.trim()) names.set(id.trim(), name.trim());
    }
  }
  return names;
}

function isBoxable(name: string): boolean {
  return name.includes('boxable');
}
