import { thresholdAtTruePositiveRate } from '../../../extension/pipeline/threshold';
import { encodeColumn } from '../../../extension/protocol/columns';
import type {
  ObjectColumns,
  ObjectDetail,
  ObjectMaps,
  ScanSnapshot,
  ScanSummary,
} from '../../../extension/protocol/scan';
import { verdictCodes } from '../../../extension/protocol/scan';
import { gaussian, seededRandom } from './seededRandom';

/** A photo the test server can serve, whole or in part. */
export interface ServedPhoto {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

export interface InventedScanOptions {
  readonly objects: number;
  readonly photos: readonly ServedPhoto[];
  readonly calibration: number;
  readonly unreadable: number;
  readonly reviewed: number;
  /** Objects that every photo has besides, close together. */
  readonly crowd: number;
  /** Classes that were calibrated by themselves: how far above the common δ. */
  readonly offsets?: Readonly<Record<string, number>>;
  /** The true-positive rate δ was calibrated at; absent: 95 %. */
  readonly rate?: number;
  /** The dataset has labels. */
  readonly labelled: boolean;
}

export const classes =
  'aeroplane bicycle bird boat bottle bus car cat chair cow diningtable dog horse motorbike person pottedplant sheep sofa train tvmonitor'.split(
    ' ',
  );
export const reference = { folder: '/data/field-photos', scanId: 'scan-1' };

/** Boxes as shares of the photo, and the class they look most like. */
const templates: { box: [number, number, number, number]; name: string }[] = [
  { box: [0.05, 0.02, 0.69, 0.97], name: 'person' },
  { box: [0.53, 0.67, 0.46, 0.32], name: 'tvmonitor' },
  { box: [0.69, 0.01, 0.18, 0.57], name: 'aeroplane' },
  { box: [0.005, 0.005, 0.2, 0.74], name: 'sofa' },
  { box: [0.26, 0.68, 0.16, 0.15], name: 'bottle' },
];
const objectsPerPhoto = templates.length;
export const folders = ['nasa', 'pets', 'trips/palace', 'garden', 'cafe'];
const inDistributionShare = 0.87;
const gridSide = 14;
/** δ of the invented scans is said to be calibrated at this, whatever their scores. */
const usualRate = 0.95;

/** Rows of objects with invented scores; five a photo, every ninth photo one object that is all of it. */
export class InventedScan {
  readonly scores: Float32Array;
  readonly verdicts: Uint8Array;
  readonly threshold = 0.271;
  readonly #options: InventedScanOptions;
  readonly #baselines: Record<'mcm' | 'maxCosine' | 'glMcm' | 'runa', Float32Array>;

  constructor(options: InventedScanOptions) {
    this.#options = options;
    const random = seededRandom(20261123);
    this.scores = Float32Array.from({ length: options.objects }, () =>
      random() < inDistributionShare ? 0.331 + 0.034 * gaussian(random) : 0.22 + 0.038 * gaussian(random),
    );
    this.verdicts = new Uint8Array(options.objects);
    const lowest = Array.from(this.scores.keys()).sort((a, b) => this.scores[a] - this.scores[b]);
    lowest
      .filter((_, place) => place % 9 !== 4)
      .slice(0, options.reviewed)
      .forEach((row) => (this.verdicts[row] = random() < 0.82 ? 1 : random() < 0.7 ? 2 : 3));
    const noisy = (spread: number): Float32Array =>
      this.scores.map((score) => score + spread * gaussian(random));
    this.#baselines = { mcm: noisy(0.02), maxCosine: noisy(0.03), glMcm: noisy(0.015), runa: noisy(0.035) };
  }

  id(row: number): string {
    return `object-${row}`;
  }

  file(row: number): string {
    const photo = this.#photoNumber(row);
    const [, stem, extension] = /^(.*)(\.\w+)$/.exec(this.#photo(row).name) ?? ['', 'photo', '.jpg'];
    return `${folders[photo % folders.length]}/${stem}_${String(1000 + photo).padStart(12, '0')}${extension}`;
  }

  className(row: number): string {
    return this.#isWhole(row) ? 'bird' : templates[row % objectsPerPhoto].name;
  }

  columns(firstRow: number, end: number): ObjectColumns {
    const rows = Array.from({ length: end - firstRow }, (_, index) => firstRow + index);
    const files = [...new Set(rows.map((row) => this.file(row)))];
    const numberOf = new Map(files.map((file, index) => [file, index]));
    return {
      firstRow,
      count: rows.length,
      ids: rows.map((row) => this.id(row)),
      files,
      fileIndex: encodeColumn(Uint32Array.from(rows, (row) => numberOf.get(this.file(row)) ?? 0)),
      score: encodeColumn(this.scores.slice(firstRow, end)),
      predictedClass: encodeColumn(Uint16Array.from(rows, (row) => classes.indexOf(this.className(row)))),
      detectionScore: encodeColumn(Float32Array.from(rows, () => 0.61)),
      boxArea: encodeColumn(Float32Array.from(rows, (row) => this.#box(row)[2] * this.#box(row)[3])),
      mcm: encodeColumn(this.#baselines.mcm.slice(firstRow, end)),
      maxCosine: encodeColumn(this.#baselines.maxCosine.slice(firstRow, end)),
      glMcm: encodeColumn(this.#baselines.glMcm.slice(firstRow, end)),
      runa: encodeColumn(this.#baselines.runa.slice(firstRow, end)),
      verdict: encodeColumn(this.verdicts.slice(firstRow, end)),
      disagreement: encodeColumn(Float32Array.from(rows, (row) => this.#disagreement(row))),
      annotated: encodeColumn(Uint8Array.from(rows, (row) => Number(this.#label(row) !== null))),
      assignedClass: Object.fromEntries(
        rows.filter((row) => this.verdicts[row] === 2).map((row) => [String(row), this.className(row)]),
      ),
    };
  }

  snapshot(rows: number): ScanSnapshot {
    return {
      summary: this.summary(rows),
      columns: this.columns(0, rows),
      calibrationScores: encodeColumn(this.calibrationScores()),
      leftOut: [],
      unreadable: Array.from({ length: this.#options.unreadable }, (_, index) => ({
        file: `trips/palace/view_${String(400 + index).padStart(4, '0')}.jpg`,
        reason: ['Truncated: ends after 61 % of the picture', 'Empty file', 'Unsupported format: HEIC'][
          index % 3
        ],
      })),
    };
  }

  summary(rows: number): ScanSummary {
    const { unreadable } = this.#options;
    const images = Math.ceil(this.scores.length / objectsPerPhoto);
    return {
      reference,
      state: rows < this.scores.length ? 'scanning' : 'finished',
      createdAt: '2026-11-24T04:00:00Z',
      classes,
      model: { id: 'micro', version: '1.0.0', sha256: '0'.repeat(64) },
      combiner: null,
      boxesOrigin: 'annotations (COCO, instances.json)',
      settings: null,
      annotations: { format: 'COCO', named: null },
      deviceFallback: null,
      leftOut: 0,
      images: { total: images + unreadable, done: Math.ceil(rows / objectsPerPhoto), unreadable },
      objects: rows,
      flagged: this.scores.filter((score) => score < this.threshold).length,
      reviewedFlagged: 0,
      threshold: this.calibratedThreshold(),
    };
  }

  calibrationScores(): Float32Array {
    const random = seededRandom(7);
    return Float32Array.from({ length: this.#options.calibration }, () => 0.3275 + 0.0345 * gaussian(random));
  }

  calibratedThreshold(rate = this.#options.rate ?? usualRate): ScanSummary['threshold'] {
    const isCalibrated = this.#options.calibration > 0;
    const few = isCalibrated && this.#options.calibration < 100;
    const { offsets } = this.#options;
    return {
      ...(offsets
        ? {
            perClass: {
              chosen: false,
              truePositiveRate: 0.951,
              origin: `Keeps 95.1 % of annotated in-distribution objects; ${Object.keys(offsets).length} classes have a threshold of their own.`,
              classes: Object.entries(offsets).map(([name, offset]) => ({
                class: name,
                offset,
                objects: 57,
              })),
            },
          }
        : {}),
      value:
        rate === usualRate ? this.threshold : thresholdAtTruePositiveRate(this.calibrationScores(), rate),
      source: isCalibrated ? 'calibrated' : 'bundle',
      truePositiveRate: rate,
      ...(isCalibrated ? { calibratedAt: rate } : {}),
      origin: isCalibrated
        ? `Keeps ${(100 * rate).toFixed(1)} % of ${this.#options.calibration} annotated in-distribution objects in ${Math.ceil(this.#options.calibration / 3)} photos; expect ${(100 - 100 * rate).toFixed(1)} % of such objects to be flagged.`
        : 'From the model: measured on COCO val2017.',
      warning: few
        ? `Measured on ${this.#options.calibration} objects only: on others like them it would lie between 0.255 and 0.289. 200 are recommended.`
        : null,
    };
  }

  /** Alike are the same parts of the same photo, a few at a time; every seventh object is alone. Of `Likeness`, `groups`. */
  alike(rows: number): Uint32Array {
    const first = new Map<string, number>();
    return Uint32Array.from({ length: rows }, (_, row) => {
      if (row % 7 === 3) return row;
      const photo = this.#photoNumber(row);
      const batch = Math.floor(photo / (12 * this.#options.photos.length));
      const looks = [this.picture(row, this.#box(row), 96), batch].join();
      if (!first.has(looks)) first.set(looks, row);
      return first.get(looks) ?? row;
    });
  }

  detail(row: number): ObjectDetail {
    const photo = this.#photo(row);
    const mates = this.#isWhole(row) ? [row] : this.#mates(row);
    const bbox = this.#box(row);
    const classScores = classes.map((name, index) =>
      name === this.className(row) ? this.scores[row] : this.scores[row] - this.#gapTo(row, index),
    );
    const here = new Set(mates.filter((mate) => mate !== row).map((mate) => this.className(mate)));
    return {
      id: this.id(row),
      file: this.file(row),
      ordinal: mates.indexOf(row) + 1,
      bbox,
      imageSize: { width: photo.width, height: photo.height },
      label: this.#label(row),
      annotated: this.#label(row) !== null,
      detectionScore: 0.61,
      score: this.scores[row],
      predictedClass: this.className(row),
      classScores,
      baselines: {
        mcm: this.#baselines.mcm[row],
        maxCosine: this.#baselines.maxCosine[row],
        glMcm: this.#baselines.glMcm[row],
        runa: this.#baselines.runa[row],
      },
      decision: null,
      maps: inventedMaps(row, this.#isWhole(row)),
      backgroundText: classes
        .map((name, index) => ({
          class: name,
          weight: 0.16 / (1 + ((index * 7 + row) % 20) / 3),
          inPhoto: here.has(name),
        }))
        .sort((one, other) => other.weight - one.weight),
      objectsInPhoto: [
        ...mates.map((mate) => ({
          id: this.id(mate),
          bbox: this.#box(mate),
          score: this.scores[mate],
          predictedClass: this.className(mate),
          verdict: verdictCodes[this.verdicts[mate]] ?? null,
        })),
        ...this.#crowd(photo),
      ],
      crop: { source: this.picture(row, bbox, 600), rectangle: bbox },
      photo: {
        source: this.picture(row, [0, 0, photo.width, photo.height], 1600),
        rectangle: [0, 0, photo.width, photo.height],
      },
      photoProblem: null,
    };
  }

  thumbnail(row: number): string {
    return this.picture(row, this.#box(row), 96);
  }

  picture(row: number, box: readonly number[], side: number): string {
    const { name } = this.#photo(row);
    return `${location.origin}/picture/${encodeURIComponent(name)}?box=${box.join(',')}&side=${side}`;
  }

  /** Every third object is labelled, every ninth of these with a class it does not look like. */
  #label(row: number): string | null {
    if (!this.#options.labelled || row % 3 !== 0) return null;
    return row % 27 === 0 ? 'horse' : this.className(row);
  }

  #disagreement(row: number): number {
    const label = this.#label(row);
    if (label === null) return NaN;
    return label === this.className(row) ? 0 : this.#gapTo(row, classes.indexOf(label));
  }

  /** By how much the best class outscores another. */
  #gapTo(row: number, index: number): number {
    return 0.008 + 0.006 * ((row + 7 * index) % 19);
  }

  #photoNumber(row: number): number {
    return Math.floor(row / objectsPerPhoto);
  }

  #photo(row: number): ServedPhoto {
    return this.#options.photos[this.#photoNumber(row) % this.#options.photos.length];
  }

  #isWhole(row: number): boolean {
    return this.#photoNumber(row) % 9 === 8;
  }

  #mates(row: number): number[] {
    const first = this.#photoNumber(row) * objectsPerPhoto;
    const end = Math.min(this.scores.length, first + objectsPerPhoto);
    return Array.from({ length: end - first }, (_, index) => first + index);
  }

  #crowd({ width, height }: ServedPhoto): ObjectDetail['objectsInPhoto'] {
    const random = seededRandom(41);
    return Array.from({ length: this.#options.crowd }, (_, index) => ({
      id: `passer-by-${index}`,
      bbox: [random() * 0.8 * width, (0.2 + random() * 0.5) * height, 0.12 * width, 0.2 * height],
      score: 0.2 + 0.2 * random(),
      predictedClass: classes[index % classes.length],
      verdict: null,
    }));
  }

  #box(row: number): [number, number, number, number] {
    const { width, height } = this.#photo(row);
    if (this.#isWhole(row)) return [0, 0, width, height];
    const [x, y, w, h] = templates[row % objectsPerPhoto].box;
    return [Math.round(x * width), Math.round(y * height), Math.round(w * width), Math.round(h * height)];
  }
}

function inventedMaps(row: number, whole: boolean): ObjectMaps {
  const betaIntra = sharesOf(blobs(row, 0.1), 0.18);
  const muTarget = [0.21, ...blobs(row + 1, 0.2).map((value) => 0.31 * Math.min(1, value))];
  const betaInter = whole ? null : sharesOf(blobs(row + 2, 0.13), 0.07);
  const muBackground = whole
    ? null
    : [0.16, ...blobs(row + 3, 0.22).map((value) => 0.27 * Math.min(1, value))];
  const product = (beta: number[], mu: number[]): number[] => beta.map((value, index) => value * mu[index]);
  return {
    grid: [gridSide, gridSide],
    betaIntra,
    muTarget,
    omegaTarget: product(betaIntra, muTarget),
    betaInter,
    muBackground,
    omegaBackground: betaInter && muBackground && product(betaInter, muBackground),
  };
}

/** Patches that sum to 1 with [CLS] in front. */
function sharesOf(patches: number[], cls: number): number[] {
  const sum = patches.reduce((total, value) => total + value, 0);
  return [cls, ...patches.map((value) => ((1 - cls) * value) / sum)];
}

function blobs(seed: number, spread: number): number[] {
  const random = seededRandom(seed * 7919 + 17);
  const centres = Array.from({ length: 3 }, (_, index) => [
    0.15 + 0.7 * random(),
    0.15 + 0.7 * random(),
    1 - 0.25 * index,
  ]);
  return Array.from({ length: gridSide ** 2 }, (_, index) => {
    const x = ((index % gridSide) + 0.5) / gridSide;
    const y = (Math.floor(index / gridSide) + 0.5) / gridSide;
    const heights = centres.map(
      ([cx, cy, top]) => top * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * spread ** 2)),
    );
    return (0.05 + heights.reduce((sum, height) => sum + height, 0)) * (0.85 + 0.3 * random());
  });
}
