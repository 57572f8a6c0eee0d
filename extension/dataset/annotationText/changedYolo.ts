import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import type { EntryChange } from './splices';

/**
 * YOLO labels with lines dropped or given another class number; all else stays as it is.
 *
 * @param changes by line, from 0. @param numberOf the number of a class.
 */
export function changedYolo(
  text: string,
  changes: ReadonlyMap<number, EntryChange>,
  numberOf: (name: string) => number,
): string {
  return text
    .split(/(?<=\n)/)
    .map((line, at) => {
      const change = changes.get(at);
      if (change === undefined) return line;
      return change === 'drop' ? '' : line.replace(/[^\s\uFEFF]+/, String(numberOf(change.class)));
    })
    .join('');
}

/** The description of a YOLO dataset (`data.yaml`), to which classes are added. Comments and order stay. */
export class YoloDescription {
  private readonly document: Document;
  private readonly numbers = new Map<string, number>();
  private hasNew = false;

  /** @param text of a description that was read before. */
  constructor(private readonly text: string) {
    this.document = parseDocument(text);
    const names = this.document.get('names');
    if (isSeq(names)) names.items.forEach((item, at) => this.know(String(item), at));
    else if (isMap(names))
      names.items.forEach(({ key, value }) => this.know(String(value), Number(String(key))));
  }

  /** The number of a class; a new one gets the number after the largest. */
  numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = Math.max(-1, ...this.numbers.values()) + 1;
    const names = this.document.get('names');
    if (isSeq(names)) names.add(this.document.createNode(name));
    else this.document.setIn(['names', number], name);
    if (this.document.has('nc')) this.document.set('nc', number + 1);
    this.hasNew = true;
    this.know(name, number);
    return number;
  }

  /** As it was, where no class was added. */
  toString(): string {
    if (!this.hasNew) return this.text;
    return this.document.toString({ lineWidth: 0, flowCollectionPadding: /[[{] /.test(this.text) });
  }

  private know(name: string, number: number): void {
    if (!this.numbers.has(name)) this.numbers.set(name, number);
  }
}
