import type { AnnotationFormat } from '../../protocol/annotationSource';
import { usableBoxes, type AnnotatedBox, type AnnotationProblem, type Annotations } from './annotations';

/** Annotations of one file, with how many images of the folder have a box in it. */
export interface FileAnnotations extends Annotations {
  imagesWithBoxes: number;
  /** Whether UNI-OOD wrote it: its categories may be the model's guesses. */
  isExport: boolean;
}

/** Problems of one kind that are told one by one; of the others, how many there are. */
const toldOneByOne = 5;

/** Sorts the boxes of an annotation file by image, and gathers what cannot be used; holds the kept boxes and no more. */
export class BoxCollector {
  private readonly byFile = new Map<string, AnnotatedBox[]>();
  private readonly usesOfId = new Map<string, number>();
  private readonly told: string[] = [];
  private untold = 0;
  private readonly absentImages = { count: 0, first: '', latest: '' };

  /** @param units of the boxes: pixels, or shares of the image's sides. */
  constructor(
    private readonly source: string,
    private readonly units: 'pixels' | 'shares' = 'pixels',
  ) {}

  /** A file of the folder that the annotations name: without any box in them it has no object. */
  list(file: string): void {
    if (!this.byFile.has(file)) this.byFile.set(file, []);
  }

  /** Keeps a box of a file of the folder. */
  keep(file: string, box: AnnotatedBox): void {
    this.list(file);
    this.byFile.get(file)!.push(box);
  }

  /** How many boxes of a file are kept. */
  count(file: string): number {
    return this.byFile.get(file)?.length ?? 0;
  }

  /** An id nothing else has, in the file or in an image of it (`within`): the given one, with a count where it repeats. */
  uniqueId(id: string, within = ''): string {
    const key = `${within}\n${id}`;
    const uses = (this.usesOfId.get(key) ?? 0) + 1;
    this.usesOfId.set(key, uses);
    if (uses === 1) return id;
    this.fault(`Annotation id ${id} is used again; the object is called ${id}#${uses}`);
    return `${id}#${uses}`;
  }

  /** Something of the file that cannot be used. */
  fault(reason: string): void {
    if (this.told.length < toldOneByOne) this.told.push(reason);
    else this.untold++;
  }

  /** An image that is not in the folder; named again at once, it counts once. */
  absent(named: string): void {
    if (this.absentImages.count > 0 && this.absentImages.latest === named) return;
    if (this.absentImages.count++ === 0) this.absentImages.first = named;
    this.absentImages.latest = named;
  }

  /** Replaces every label, where names are known only after the boxes. */
  relabel(nameOf: (label: string | null) => string | null): void {
    for (const boxes of this.byFile.values()) for (const box of boxes) box.label = nameOf(box.label);
  }

  /** The labels of all kept boxes, sorted. */
  labels(): string[] {
    const labels = new Set<string>();
    for (const boxes of this.byFile.values())
      for (const { label } of boxes) if (label !== null) labels.add(label);
    return [...labels].sort();
  }

  annotations(format: AnnotationFormat, classNames: readonly string[], isExport = false): FileAnnotations {
    return {
      format,
      source: this.source,
      classNames,
      problems: this.problems(),
      imagesWithBoxes: [...this.byFile.values()].filter((boxes) => boxes.length > 0).length,
      isExport,
      boxesOf: (file, width, height) => {
        const boxes = this.byFile.get(file);
        if (!boxes) return Promise.resolve(undefined);
        const inPixels = this.units === 'pixels' ? boxes : boxes.map((box) => scaled(box, width, height));
        return Promise.resolve(usableBoxes(inPixels, width, height, file, this.source));
      },
    };
  }

  private problems(): AnnotationProblem[] {
    const reasons = [...this.told];
    if (this.untold > 0) reasons.push(`and ${this.untold} more annotations have faults like these`);
    const { count, first } = this.absentImages;
    if (count === 1) reasons.push(`It names ${first}, which is not in the folder`);
    else if (count > 1) reasons.push(`It names ${count} images that are not in the folder, first ${first}`);
    return reasons.map((reason) => ({ file: this.source, reason }));
  }
}

function scaled(annotated: AnnotatedBox, imageWidth: number, imageHeight: number): AnnotatedBox {
  const { x, y, width, height } = annotated.box;
  return {
    ...annotated,
    box: {
      x: x * imageWidth,
      y: y * imageHeight,
      width: width * imageWidth,
      height: height * imageHeight,
    },
  };
}
