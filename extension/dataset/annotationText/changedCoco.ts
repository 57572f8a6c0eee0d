import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { CategoryText } from './categoryText';
import { jsonOutline, type ByteRange } from './jsonOutline';
import { splicedFile, type EntryChange, type Splice } from './splices';
import { textOf } from './textRanges';

/** The places in a COCO file that a copy differs in. */
interface CocoPlaces {
  /** Entries to be called by another class. */
  renamed: { range: ByteRange; class: string }[];
  /** What goes: entries, each with one comma. */
  dropped: ByteRange[];
  categories: { entries: ByteRange[]; list: ByteRange | null };
  root: ByteRange;
}

/**
 * A COCO file with annotations dropped or called by another class, as a stream. Classes it does not know are added to its
 * categories; all else, order, numbers and spaces, stays as it is.
 *
 * @param list the member that holds the annotations; null: the file is a list of results, of which entries may only be dropped.
 * @param changes by the place of an annotation in its list.
 */
export async function* changedCoco(
  path: string,
  list: string | null,
  changes: ReadonlyMap<number, EntryChange>,
): AsyncGenerator<Uint8Array> {
  const places = await placesIn(path, list, changes);
  const categories = new CategoryText(
    await Promise.all(places.categories.entries.map((range) => textOf(path, range))),
  );
  const splices: Splice[] = places.dropped.map((range) => ({ ...range, text: '' }));
  for (const { range, class: name } of places.renamed)
    splices.push(withCategory(await textOf(path, range), range.start, categories.idOf(name)));
  yield* splicedFile(path, [...splices, ...(await addedCategories(path, places, categories))]);
}

async function placesIn(
  path: string,
  list: string | null,
  changes: ReadonlyMap<number, EntryChange>,
): Promise<CocoPlaces> {
  const renamed: CocoPlaces['renamed'] = [];
  const dropped = new DroppedEntries();
  const categories: CocoPlaces['categories'] = { entries: [], list: null };
  let root: ByteRange = { start: 0, end: 0 };
  for await (const part of jsonOutline(path)) {
    if (part.kind === 'root') root = part.range;
    else if (part.list === list) {
      if (part.kind === 'list') dropped.end();
      else {
        const change = changes.get(part.index);
        dropped.take(part.range, change === 'drop');
        if (change !== undefined && change !== 'drop')
          renamed.push({ range: part.range, class: change.class });
      }
    } else if (part.list === 'categories') {
      if (part.kind === 'list') categories.list = part.range;
      else categories.entries.push(part.range);
    }
  }
  return { renamed, dropped: dropped.ranges, categories, root };
}

/** Parts to cut so that entries go and commas stay between those that are left. */
class DroppedEntries {
  readonly ranges: ByteRange[] = [];
  private previousEnd: number | null = null;
  private hasKept = false;
  /** A dropped entry before which none is left: it goes with the comma that follows. */
  private leading: ByteRange | null = null;

  take(range: ByteRange, isDropped: boolean): void {
    if (this.leading) this.ranges.push({ start: this.leading.start, end: range.start });
    this.leading = null;
    if (!isDropped) this.hasKept = true;
    else if (this.hasKept && this.previousEnd !== null)
      this.ranges.push({ start: this.previousEnd, end: range.end });
    else this.leading = range;
    this.previousEnd = range.end;
  }

  end(): void {
    if (this.leading) this.ranges.push(this.leading);
    this.leading = null;
  }
}

/** An annotation is given a category in place of its own, or before all else where it has none. */
function withCategory(text: string, start: number, id: string): Splice {
  const root = parseTree(text);
  const value = root && findNodeAtLocation(root, ['category_id']);
  const at = (offset: number): number => start + Buffer.byteLength(text.slice(0, offset));
  if (value) return { start: at(value.offset), end: at(value.offset + value.length), text: id };
  return { start: at(1), end: at(1), text: `"category_id": ${id}, ` };
}

/** New categories stand after the last, with the same spaces between; where there is no list of them, one is made. */
async function addedCategories(
  path: string,
  { categories: { entries, list }, root }: CocoPlaces,
  categories: CategoryText,
): Promise<Splice[]> {
  const added = categories.added();
  if (added.length === 0) return [];
  if (!list)
    return [{ start: root.end - 1, end: root.end - 1, text: `, "categories": [${added.join(', ')}]` }];
  const last = entries.at(-1);
  if (!last) return [{ start: list.start + 1, end: list.start + 1, text: added.join(', ') }];
  const before = entries.at(-2);
  const between = before
    ? await textOf(path, { start: before.end, end: last.start })
    : `,${await textOf(path, { start: list.start + 1, end: last.start })}`;
  return [{ start: last.end, end: last.end, text: added.map((text) => between + text).join('') }];
}
