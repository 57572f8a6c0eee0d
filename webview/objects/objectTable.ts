import { decodeFloat32, decodeUint16, decodeUint32, decodeUint8 } from '../../extension/protocol/columns';
import { verdictCodes, type ObjectColumns } from '../../extension/protocol/scan';
import type { Verdict } from '../../extension/protocol/results';
import { RowsById } from './rowsById';

/** The other methods, in the order they are shown. */
export const baselineNames = ['mcm', 'maxCosine', 'glMcm', 'runa'] as const;
export type BaselineName = (typeof baselineNames)[number];

/** What the reviewer said of an object, without its time. */
export interface RowDecision {
  readonly verdict: Verdict;
  readonly class?: string;
}

const smallestCapacity = 1024;

/**
 * All objects of a scan as columns that grow, in the order they were scanned.
 * Rows below `count` are filled; a column may be longer than that.
 */
export class ObjectTable {
  count = 0;
  readonly files: string[] = [];
  fileIndex = new Uint32Array(0);
  score = new Float32Array(0);
  /** NaN where the boxes carry none. */
  detectionScore = new Float32Array(0);
  /** In pixels of the upright photo. */
  boxArea = new Float32Array(0);
  predictedClass = new Uint16Array(0);
  verdict = new Uint8Array(0);
  /** By how much the best class outscores the one that the dataset's label names; NaN where it names none. */
  disagreement = new Float32Array(0);
  readonly baselines: Record<BaselineName, Float32Array> = {
    mcm: new Float32Array(0),
    maxCosine: new Float32Array(0),
    glMcm: new Float32Array(0),
    runa: new Float32Array(0),
  };
  readonly #assignedClass = new Map<number, string>();
  readonly #rowsById = new RowsById();
  readonly #numberOfFile = new Map<string, number>();

  /**
   * Adds a chunk that continues the rows here. Rows that are here already are left as they are.
   * @returns false when rows between are missing: nothing is added then, and the whole has to be asked for again.
   */
  append(chunk: ObjectColumns): boolean {
    if (chunk.firstRow > this.count) return false;
    const known = this.count - chunk.firstRow;
    if (known >= chunk.count) return true;
    const end = chunk.firstRow + chunk.count;
    this.#reserve(end);
    this.score.set(decodeFloat32(chunk.score).subarray(known, chunk.count), this.count);
    this.detectionScore.set(decodeFloat32(chunk.detectionScore).subarray(known, chunk.count), this.count);
    this.boxArea.set(decodeFloat32(chunk.boxArea).subarray(known, chunk.count), this.count);
    this.predictedClass.set(decodeUint16(chunk.predictedClass).subarray(known, chunk.count), this.count);
    this.verdict.set(decodeUint8(chunk.verdict).subarray(known, chunk.count), this.count);
    this.disagreement.set(decodeFloat32(chunk.disagreement).subarray(known, chunk.count), this.count);
    for (const name of baselineNames)
      this.baselines[name].set(decodeFloat32(chunk[name]).subarray(known, chunk.count), this.count);
    this.#appendNames(chunk, known);
    for (const [row, name] of Object.entries(chunk.assignedClass))
      if (Number(row) >= this.count) this.#assignedClass.set(Number(row), name);
    this.count = end;
    return true;
  }

  /** By row. */
  get ids(): readonly string[] {
    return this.#rowsById.ids;
  }

  /** Row of an object, or undefined when it is not here. */
  rowOf(id: string): number | undefined {
    return this.#rowsById.rowOf(id);
  }

  /** Makes lookups of any number of objects fast; the few that a list opens with need it not. */
  mapIds(): void {
    this.#rowsById.map();
  }

  /** File of an object, relative to the scanned folder. */
  fileOf(row: number): string {
    return this.files[this.fileIndex[row] ?? 0] ?? '';
  }

  /** Whether the dataset labels any object with one of the classes. */
  hasLabels(): boolean {
    return this.disagreement.subarray(0, this.count).some((value) => !Number.isNaN(value));
  }

  /** Another class outscores the one that the dataset's label names. */
  labelDiffers(row: number): boolean {
    return this.disagreement[row] > 0;
  }

  decisionOf(row: number): RowDecision | null {
    const verdict = verdictCodes[this.verdict[row] ?? 0] ?? null;
    if (verdict === null) return null;
    const assigned = this.#assignedClass.get(row);
    return assigned === undefined ? { verdict } : { verdict, class: assigned };
  }

  setDecision(row: number, decision: RowDecision | null): void {
    this.verdict[row] = decision === null ? 0 : verdictCodes.indexOf(decision.verdict);
    if (decision?.class === undefined) this.#assignedClass.delete(row);
    else this.#assignedClass.set(row, decision.class);
  }

  assignedClassOf(row: number): string | undefined {
    return this.#assignedClass.get(row);
  }

  #appendNames(chunk: ObjectColumns, known: number): void {
    const fileOfChunk = chunk.files.map((file) => this.#fileNumber(file));
    const fileIndex = decodeUint32(chunk.fileIndex);
    this.#rowsById.append(chunk.ids.slice(known, chunk.count));
    for (let index = known; index < chunk.count; index++)
      this.fileIndex[chunk.firstRow + index] = fileOfChunk[fileIndex[index]];
  }

  #fileNumber(file: string): number {
    const known = this.#numberOfFile.get(file);
    if (known !== undefined) return known;
    this.#numberOfFile.set(file, this.files.length);
    return this.files.push(file) - 1;
  }

  #reserve(rows: number): void {
    if (rows <= this.score.length) return;
    const capacity = Math.max(smallestCapacity, rows, Math.ceil(1.5 * this.score.length));
    this.fileIndex = grown(this.fileIndex, new Uint32Array(capacity));
    this.score = grown(this.score, new Float32Array(capacity));
    this.detectionScore = grown(this.detectionScore, new Float32Array(capacity));
    this.boxArea = grown(this.boxArea, new Float32Array(capacity));
    this.predictedClass = grown(this.predictedClass, new Uint16Array(capacity));
    this.disagreement = grown(this.disagreement, new Float32Array(capacity));
    this.verdict = grown(this.verdict, new Uint8Array(capacity));
    for (const name of baselineNames)
      this.baselines[name] = grown(this.baselines[name], new Float32Array(capacity));
  }
}

function grown<Column extends { set(values: Column): void }>(from: Column, into: Column): Column {
  into.set(from);
  return into;
}
