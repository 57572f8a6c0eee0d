import type { Likeness } from '../../protocol/likeness';
import { largestReport, type ReportHead, type ReportObject } from '../../protocol/report';
import type { ObjectDetail, ObjectMaps, ScanSnapshot } from '../../protocol/scan';
import { UserFacingError } from '../../protocol/userFacingError';
import { headElement, partElement, reportPage } from './reportPage';
import { cropSource, photoSide, photoSource, thumbnailSource } from './reportPictures';
import { withoutPlaces } from './withoutPlaces';

/** What a report is made of. */
export interface ReportContents {
  generator: string;
  createdAt: string;
  only: ReportHead['only'];
  snapshot: ScanSnapshot;
  likeness: Likeness;
  /** Objects that can be looked at, those of a photo together. */
  objects: readonly { id: string; image: string }[];
  detailOf(id: string): Promise<ObjectDetail>;
}

/**
 * A report as text, piece by piece: the review screen, read-only, with its data and reduced pictures.
 *
 * @param progressed told how many objects are done. @param limit of its characters.
 * @throws UserFacingError when it would be too large; the signal's reason when aborted.
 */
export async function* writeReport(
  contents: ReportContents,
  progressed: (done: number) => void,
  signal: AbortSignal,
  limit = largestReport,
): AsyncGenerator<string> {
  const { generator, createdAt, only, objects, likeness } = contents;
  const snapshot = withoutPlaces(contents.snapshot);
  const { folder } = snapshot.summary.reference;
  const page = await reportPage(`UNI-OOD report: ${folder}`);
  const head = {
    version: 1,
    generator,
    createdAt,
    only,
    snapshot,
    likeness,
    objects: objects.length,
  } as const;
  yield page.begin;
  let size = page.begin.length + page.end.length;
  const counted = (text: string, done: number): string => {
    size += text.length;
    if (size > limit) throw tooLarge(limit, done, objects.length);
    return text;
  };
  yield counted(headElement(head), 0);
  const photos = new Map(objects.map(({ image }) => [image, false]));
  const side = photoSide(photos.size, objects.length, limit - size);
  for (const [at, { id, image }] of objects.entries()) {
    signal.throwIfAborted();
    const detail = await contents.detailOf(id);
    if (detail.photo && !photos.get(image)) {
      photos.set(image, true);
      yield counted(partElement('photo', image, await photoSource(detail.photo.source, side)), at);
    }
    yield counted(partElement('object', id, await reportObject(detail)), at);
    progressed(at + 1);
  }
  yield page.end;
}

function tooLarge(limit: number, done: number, objects: number): UserFacingError {
  return new UserFacingError(
    `The report would be larger than ${Math.round(limit / 2 ** 20)} MB: ${done} of ${objects} objects fit. Choose the reviewed or the flagged ones, or lower δ.`,
  );
}

async function reportObject(detail: ObjectDetail): Promise<ReportObject> {
  const { crop, photo, maps } = detail;
  return {
    thumbnail: crop && (await thumbnailSource(crop.source)),
    detail: {
      ...detail,
      annotated: false, // what would show it is not there
      maps: rounded(maps),
      classScores: detail.classScores.map(shortened),
      crop: crop && { ...crop, source: await cropSource(crop.source) },
      photo: photo && { ...photo, source: detail.file },
    },
  };
}

function rounded(maps: ObjectMaps): ObjectMaps {
  return Object.fromEntries(
    Object.entries(maps).map(([name, values]) => [
      name,
      name === 'grid' ? values : values && values.map(shortened),
    ]),
  ) as ObjectMaps;
}

/** As many digits as can be seen. */
const shortened = (value: number): number => Number(value.toPrecision(5));
