import { isFlagged, thresholdsByClass } from '../../protocol/classThresholds';
import { decodeFloat32, decodeUint16, decodeUint32, decodeUint8 } from '../../protocol/columns';
import type { Verdict } from '../../protocol/results';
import {
  verdictCodes,
  type DecisionChange,
  type ObjectColumns,
  type ScanSnapshot,
  type Threshold,
} from '../../protocol/scan';

export interface FlaggedObject {
  readonly id: string;
  /** Relative to the scanned folder. */
  readonly file: string;
  readonly score: number;
  /** The class the reviewer gave, else the best class. */
  readonly class: string;
  /** No one gave it a class: flagged, it is only closest to the best one. */
  readonly isOnlyClosest: boolean;
  readonly predictedClass: string;
  readonly verdict: Verdict | null;
  /** An annotation file holds it. */
  readonly annotated: boolean;
}

/** The objects of one scan, as far as a tree of the flagged ones needs them; grows while the scan runs. */
export class ScanObjects {
  private readonly rows: FlaggedObject[] = [];
  private readonly rowOf = new Map<string, number>();
  private readonly classes: readonly string[];
  threshold: Threshold;

  constructor(snapshot: ScanSnapshot) {
    this.classes = snapshot.summary.classes;
    this.threshold = snapshot.summary.threshold;
    this.append(snapshot.columns);
  }

  /**
   * Adds a chunk; rows that are known already are passed over.
   * @returns false when rows are missing before the chunk, so that a new snapshot is needed.
   */
  append(columns: ObjectColumns): boolean {
    if (columns.firstRow > this.rows.length) return false;
    const file = decodeUint32(columns.fileIndex);
    const score = decodeFloat32(columns.score);
    const predicted = decodeUint16(columns.predictedClass);
    const verdict = decodeUint8(columns.verdict);
    const annotated = decodeUint8(columns.annotated);
    for (let index = this.rows.length - columns.firstRow; index < columns.count; index++) {
      const row = columns.firstRow + index;
      this.rowOf.set(columns.ids[index], row);
      this.rows.push({
        id: columns.ids[index],
        file: columns.files[file[index]],
        score: score[index],
        class: columns.assignedClass[String(row)] ?? this.classes[predicted[index]],
        isOnlyClosest: columns.assignedClass[String(row)] === undefined,
        predictedClass: this.classes[predicted[index]],
        verdict: verdictCodes[verdict[index]] ?? null,
        annotated: annotated[index] === 1,
      });
    }
    return true;
  }

  decide(changes: readonly DecisionChange[]): void {
    for (const { id, decision } of changes) {
      const row = this.rowOf.get(id);
      if (row === undefined) continue;
      const before = this.rows[row];
      this.rows[row] = {
        ...before,
        verdict: decision?.verdict ?? null,
        class: decision?.class ?? before.predictedClass,
        isOnlyClosest: decision?.class === undefined,
      };
    }
  }

  /** The flagged objects furthest below the δ of their class, most suspicious first, and how many there are in all. */
  mostSuspicious(limit: number): { objects: FlaggedObject[]; total: number } {
    const thresholds = thresholdsByClass(this.threshold, this.classes);
    const byClass = new Map(this.classes.map((name, at) => [name, thresholds[at]]));
    const thresholdOf = ({ predictedClass }: FlaggedObject): number =>
      byClass.get(predictedClass) ?? this.threshold.value;
    const flagged = this.rows.filter((row) => isFlagged(row.score, thresholdOf(row)));
    flagged.sort((a, b) => a.score - thresholdOf(a) - (b.score - thresholdOf(b)));
    return { objects: flagged.slice(0, limit), total: flagged.length };
  }
}
