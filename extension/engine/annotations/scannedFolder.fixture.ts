import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finishedImage, finishedObject, newScan } from '../../../test/fixtures/inventedRecords';
import type { AnnotationFormat } from '../../protocol/annotationSource';
import type { BoundingBox } from '../../protocol/results';
import type { DecisionChange } from '../../protocol/scan';
import { ScanStore } from '../../store/scanStore';

const now = '2026-01-02T03:04:05Z';

/** A folder with a photo, a.jpg, of 100 × 80 pixels, its annotations and its store; nothing runs a model. */
export class ScannedFolder {
  /** Holds the scanned folder and what lies beside it. */
  readonly around = mkdtempSync(join(tmpdir(), 'annotated-'));
  readonly folder = join(this.around, 'photos');
  readonly reference = { folder: this.folder, scanId: 'scan-1' };
  readonly store: ScanStore;

  constructor() {
    mkdirSync(join(this.folder, '.uni-ood'), { recursive: true });
    this.store = ScanStore.open(join(this.folder, '.uni-ood'));
    this.write('a.jpg', '');
  }

  write(file: string, content: unknown): string {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  /** Stores a scan with these objects of the photo. @param boxes as a scan's configuration has them. */
  scanned(
    boxes: string,
    format: AnnotationFormat | null,
    objects: readonly (readonly [id: string, bbox: BoundingBox, label?: string | null])[],
    named: string | null = null,
  ): void {
    const { configuration } = newScan();
    const annotations = format && { format, named };
    this.store.beginScan(newScan({ configuration: { ...configuration, boxes }, annotations }), now);
    this.store.recordImage(
      'scan-1',
      finishedImage('a.jpg', 0),
      objects.map(([id, bbox, label = 'cat'], at) =>
        finishedObject(id, 0.5, { bbox, label, ordinal: at + 1 }),
      ),
    );
  }

  decide(decisions: Record<string, NonNullable<DecisionChange['decision']>>): void {
    const changes = Object.entries(decisions).map(([id, decision]) => ({ id, decision }));
    this.store.decide('scan-1', changes, now);
  }

  dispose(): void {
    this.store.close();
    rmSync(this.around, { recursive: true, force: true });
  }
}

/** A COCO document of the photo, where 7 is the cat. */
export function cocoOf(...annotations: { id: number; bbox: number[]; [more: string]: unknown }[]) {
  return {
    images: [{ id: 1, file_name: 'a.jpg' }],
    categories: [{ id: 7, name: 'cat' }],
    annotations: annotations.map((one) => ({ image_id: 1, category_id: 7, ...one })),
  };
}

/** A Pascal VOC document with cats in these boxes: left, top, right and bottom. */
export function vocOf(...boxes: [number, number, number, number][]): string {
  const objects = boxes.map(([xmin, ymin, xmax, ymax]) => {
    const sides = Object.entries({ xmin: xmin + 1, ymin: ymin + 1, xmax, ymax });
    const box = sides.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
    return `  <object>\n    <name>cat</name>\n    <bndbox>${box}</bndbox>\n  </object>\n`;
  });
  return `<annotation>\n${objects.join('')}</annotation>\n`;
}
