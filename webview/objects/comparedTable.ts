import { isFlagged, thresholdsByClass } from '../../extension/protocol/classThresholds';
import { decodeFloat32, decodeUint16, decodeUint8 } from '../../extension/protocol/columns';
import {
  objectRelations,
  type ObjectRelation,
  type ScanComparison,
} from '../../extension/protocol/comparison';

/** What the other scan says of an object that both have. */
export interface OtherObject {
  readonly className: string;
  readonly score: number;
  /** δ of its class in the other scan. */
  readonly threshold: number;
  readonly flagged: boolean;
  /** Of the two boxes, in [0.5, 1]; 1: the same box. */
  readonly overlap: number;
  /** Of the score in the shown scan and in the other, in [0, 1]. */
  readonly percentile: number;
  readonly otherPercentile: number;
}

/**
 * The other scan's word on the objects of the shown one, by row. Rows that were found since it was compared are not compared.
 */
export class ComparedTable {
  /** Rows of objects that both scans have, and how many the other did not find. */
  readonly inBoth: Uint32Array;
  readonly onlyHere: number;
  /** Whether the other scan flags an object that both have; 0 where it does not, or the object is not in both. */
  readonly flaggedThere: Uint8Array;
  /** How far an object moved, in percentiles, either way, in [0, 1]; NaN unless it is in both. */
  readonly distance: Float32Array;
  readonly #relation: Uint8Array;
  readonly #overlap: Float32Array;
  readonly #score: Float32Array;
  readonly #predictedClass: Uint16Array;
  readonly #percentile: Float32Array;
  readonly #otherPercentile: Float32Array;
  readonly #classes: readonly string[];
  readonly #thresholds: Float64Array;

  constructor({ other, columns }: Pick<ScanComparison, 'other' | 'columns'>) {
    this.#relation = decodeUint8(columns.relation);
    this.inBoth = Uint32Array.from(this.#relation.keys()).filter((row) => this.isInBoth(row));
    this.onlyHere = this.#relation.reduce((sum, relation) => sum + Number(relation === onlyHere), 0);
    this.#overlap = decodeFloat32(columns.overlap);
    this.#score = decodeFloat32(columns.score);
    this.#predictedClass = decodeUint16(columns.predictedClass);
    this.#percentile = decodeFloat32(columns.percentile);
    this.#otherPercentile = decodeFloat32(columns.otherPercentile);
    this.#classes = other.classes;
    this.#thresholds = thresholdsByClass(other.threshold, other.classes);
    // Nothing is below δ where there is no number.
    this.flaggedThere = Uint8Array.from(this.#score, (score, row) =>
      Number(isFlagged(score, this.#thresholds[this.#predictedClass[row]])),
    );
    this.distance = this.#percentile.map((percentile, row) =>
      Math.abs(percentile - this.#otherPercentile[row]),
    );
  }

  relationOf(row: number): ObjectRelation {
    return objectRelations[this.#relation[row] ?? 0];
  }

  isInBoth(row: number): boolean {
    return this.#relation[row] === inBoth;
  }

  isOnlyHere(row: number): boolean {
    return this.#relation[row] === onlyHere;
  }

  /** Null unless both scans have the object. */
  otherOf(row: number): OtherObject | null {
    if (!this.isInBoth(row)) return null;
    const predictedClass = this.#predictedClass[row];
    return {
      className: this.#classes[predictedClass] ?? '',
      score: this.#score[row],
      threshold: this.#thresholds[predictedClass],
      flagged: this.flaggedThere[row] === 1,
      overlap: this.#overlap[row],
      percentile: this.#percentile[row],
      otherPercentile: this.#otherPercentile[row],
    };
  }
}

const inBoth = objectRelations.indexOf('both');
const onlyHere = objectRelations.indexOf('onlyHere');
