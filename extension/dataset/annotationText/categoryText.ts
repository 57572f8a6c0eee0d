import { parse } from 'jsonc-parser';
import * as z from 'zod/mini';

const categorySchema = z.object({ id: z.union([z.int(), z.string()]), name: z.string() });

/** The categories of a COCO file by name, and the text of those that join them. */
export class CategoryText {
  private readonly ids = new Map<string, string>();
  private readonly names: { id: string; name: string }[] = [];
  private largest = 0;
  private readonly asText: boolean;

  /** @param entries the categories as they stand in the file. */
  constructor(private readonly entries: readonly string[]) {
    const known = entries.flatMap((text) => z.safeParse(categorySchema, parse(text)).data ?? []);
    for (const { id, name } of known) {
      if (!this.ids.has(name)) this.ids.set(name, JSON.stringify(id));
      const number = Number(id);
      if (Number.isInteger(number)) this.largest = Math.max(this.largest, number);
    }
    this.asText = typeof known.at(-1)?.id === 'string';
  }

  /** The id of a class, as JSON; a new class gets the number after the largest. */
  idOf(name: string): string {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const number = ++this.largest;
    const id = JSON.stringify(this.asText ? String(number) : number);
    this.ids.set(name, id);
    this.names.push({ id, name });
    return id;
  }

  /** Each new category, written as the last one in the file is. */
  added(): string[] {
    const last = this.entries.at(-1) ?? '';
    const [, open = '', colon = ' '] = /^\{(\s*)"[^"]*"\s*:(\s*)/.exec(last) ?? [];
    const between = /,(\s*)"/.exec(last)?.[1] ?? ' ';
    const close = /(\s*)\}$/.exec(last)?.[1] ?? '';
    return this.names.map(
      ({ id, name }) =>
        `{${open}"id":${colon}${id},${between}"name":${colon}${JSON.stringify(name)}${close}}`,
    );
  }
}
