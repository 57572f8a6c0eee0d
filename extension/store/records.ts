import type { AnnotationSource } from '../protocol/annotationSource';
import type { Baselines, BoundingBox, Decision, ModelIdentity } from '../protocol/results';
import type { ScanConfiguration } from '../protocol/methodConfiguration';
import type { ScanSettings, Threshold } from '../protocol/scan';

/** What a scan is, before its first image. */
export interface NewScan {
  /** Names the configuration, classes, model and boxes together: the same again continues the same scan. */
  id: string;
  classes: string[];
  model: ModelIdentity;
  configuration: ScanConfiguration;
  /** What it was asked to be, paths absolute. */
  settings: ScanSettings;
  boxesOrigin: string;
  /** What its boxes or labels come from; null: there are no annotations. */
  annotations: AnnotationSource | null;
  imagesTotal: number;
  grid: [number, number];
  /** w, C × C. */
  interTextAttention: Float32Array;
  bundleThreshold: Threshold;
  /** The rate δ is calibrated at; a stored scan keeps its own. */
  truePositiveRate: number;
  /** SHA-256 of the photos that its combiner was tuned on; empty without one. */
  tunedPictures: readonly string[];
  /** Why its last run was computed on the processor and not on the accelerator that was wanted; null: it was not left for it. */
  deviceFallback: string | null;
}

export interface FinishedImage {
  file: string;
  sha256: string;
  width: number;
  height: number;
  /** Bytes, and when the file was changed last: how a later scan knows it again. */
  size: number;
  modifiedMilliseconds: number;
  /** Place in the folder's order. */
  position: number;
}

/** An object as a scan leaves it. */
export interface FinishedObject {
  id: string;
  /** The object across scans: verdicts are kept by it. */
  decisionKey: string;
  /** 1-based place among the image's objects. */
  ordinal: number;
  bbox: BoundingBox;
  label: string | null;
  detectionScore: number | null;
  /** What a reviewer said of it where its box comes from; it carries that unless it carries a verdict already. */
  givenDecision?: Decision;
  score: number;
  predictedClass: number;
  baselines: Baselines;
  /** The pixels of the photo the target view shows. */
  crop: BoundingBox;
  classScores: Float32Array;
  /** What it is compared with others by, of any length but zero; only its direction is kept, to a hundredth or so. */
  embedding: Float32Array;
  betaIntra: Float32Array;
  muTarget: Float32Array;
  betaInter: Float32Array | null;
  muBackground: Float32Array | null;
}
