/** An upright picture: 8-bit RGB, row by row, three bytes a pixel. */
export interface RgbImage {
  width: number;
  height: number;
  /** width · height · 3 bytes. */
  data: Uint8Array;
}

/** A box in pixels of the upright image, top-left origin; edges may lie between pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
