import * as z from 'zod/mini';
import {
  reportHeadSchema,
  reportObjectSchema,
  reportParts,
  type ReportHead,
} from '../../extension/protocol/report';
import type { ObjectDetail } from '../../extension/protocol/scan';

/** The data that stand in the page of a report; objects and photos are read when they are looked at. */
export class ReportData {
  readonly head: ReportHead;
  readonly #objects: Map<string, Element>;
  readonly #photos: Map<string, Element>;

  constructor(page: Document) {
    this.head = z.parse(reportHeadSchema, contentOf(page.getElementById(reportParts.head)));
    const named = (attribute: string): Map<string, Element> =>
      new Map(
        [...page.querySelectorAll(`script[${attribute}]`)].map((element) => [
          element.getAttribute(attribute) ?? '',
          element,
        ]),
      );
    this.#objects = named(reportParts.object);
    this.#photos = named(reportParts.photo);
  }

  thumbnail(id: string): string | null {
    return this.#object(id)?.thumbnail ?? null;
  }

  /** @throws Error with a sentence for the person, when the report does not hold the object. */
  detail(id: string): ObjectDetail {
    const detail = this.#object(id)?.detail;
    if (!detail) throw new Error(notHeld[this.head.only]);
    const photo = detail.photo && this.#photos.get(detail.photo.source);
    return {
      ...detail,
      photo:
        photo && detail.photo ? { ...detail.photo, source: z.parse(z.string(), contentOf(photo)) } : null,
    };
  }

  #object(id: string): z.infer<typeof reportObjectSchema> | null {
    const element = this.#objects.get(id);
    return element ? z.parse(reportObjectSchema, contentOf(element)) : null;
  }
}

const notHeld: Record<ReportHead['only'], string> = {
  flagged: 'This report holds the pictures of objects that were flagged when it was made.',
  reviewed: 'This report holds the pictures of reviewed objects only.',
  all: 'This report does not hold this object.',
};

const contentOf = (element: Element | null): unknown => JSON.parse(element?.textContent ?? 'null');
