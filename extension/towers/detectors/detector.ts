import type { Box, RgbImage } from '../../pipeline/image';

/** A box that a detector drew, in pixels of the upright image. */
export interface Detection {
  box: Box;
  /** In [0, 1]; higher means more certain that there is a thing. */
  score: number;
}

export interface DetectionOptions {
  /** Detections below this score are dropped. */
  scoreThreshold: number;
  /** Of two boxes with a larger intersection over union, the one with the lower score is dropped. */
  overlapThreshold: number;
  maximumObjects: number;
  /** Shortest side in pixels of the image. */
  minimumSide: number;
}

/** Boxes things in a photo, whatever they are: its class names, where it has any, are not used. */
export interface Detector {
  /**
   * @param classes names that are looked for besides others, by a detector that is asked in words.
   * @returns detections, highest score first; equal scores in the order of the grid.
   */
  detect(image: RgbImage, options: DetectionOptions, classes: readonly string[]): Promise<Detection[]>;
  dispose(): Promise<void>;
}
