import type { Box, RgbImage } from '../../pipeline/image';
import {
  bicubicFilter,
  isDownFirst,
  resampleAcross,
  resampleDown,
  resizeBicubic,
  type FilterTable,
  type Range,
} from './bicubic';
import { gaussianBlur } from './gaussianBlur';
import { coveredPixels, type PixelRectangle } from './geometry';
import { normalisationTable, normalise, type ChannelStatistics } from './normalisation';

/** How an image tower wants its input. */
export interface TowerInput extends ChannelStatistics {
  /** Side S of the square. */
  imageSize: number;
}

/** The blur of the photo, as a share of the photo's longer side, and its least in pixels. */
const photoBlur = { share: 0.04, least: 2 };

/**
 * The tower's inputs for the objects of one photo, each squashed to S × S and normalised, channel by channel.
 *
 * The squashed photo, which the views of different objects share, is computed once. A masked
 * background redoes only the rows and columns that the box reaches; the result is the same, byte for byte, as masking
 * the photo and squashing it.
 */
export class PhotoViews {
  private readonly across: FilterTable;
  private readonly down: FilterTable;
  private readonly fill: readonly [number, number, number];
  private readonly normal: Float32Array;
  private readonly isTall: boolean;
  /** The photo after the pass across, S pixels a row; and squashed. */
  private readonly squeezed: Uint8Array;
  private readonly squashed: Uint8Array;

  constructor(
    private readonly image: RgbImage,
    private readonly input: TowerInput,
  ) {
    const size = input.imageSize;
    this.across = bicubicFilter(image.width, size);
    this.down = bicubicFilter(image.height, size);
    this.fill = input.mean.map((value) => Math.round(255 * value)) as unknown as readonly [
      number,
      number,
      number,
    ];
    this.normal = normalisationTable(input);
    // Tall photos are flattened before they are squeezed, so no pass across can be shared.
    this.isTall = isDownFirst(image, { width: size, height: size });
    if (this.isTall) {
      this.squeezed = new Uint8Array(0);
      this.squashed = resizeBicubic(image, size, size).data;
      return;
    }
    this.squeezed = new Uint8Array(size * image.height * 3);
    resampleAcross(
      image.data,
      image.width,
      this.across,
      this.squeezed,
      { start: 0, end: image.height },
      this.all,
    );
    this.squashed = new Uint8Array(size * size * 3);
    resampleDown(this.squeezed, size, this.down, this.squashed, this.all, this.all);
  }

  /** The crop of the box with a margin (a share of its sides). Writes 3·S·S values from `offset` on. */
  target(box: Box, margin: number, out: Float32Array, offset: number): void {
    const { left, top, right, bottom } = coveredPixels(box, margin, this.image.width, this.image.height);
    const data = new Uint8Array((right - left) * (bottom - top) * 3);
    for (let y = top; y < bottom; y++) {
      const start = (y * this.image.width + left) * 3;
      data.set(this.image.data.subarray(start, start + (right - left) * 3), (y - top) * (right - left) * 3);
    }
    const size = this.input.imageSize;
    const crop = resizeBicubic({ width: right - left, height: bottom - top, data }, size, size);
    normalise(crop.data, this.normal, out, offset);
  }

  /** The whole photo with the box in the tower's mean colour. */
  background(box: Box, out: Float32Array, offset: number): void {
    const size = this.input.imageSize;
    const masked = coveredPixels(box, 0, this.image.width, this.image.height);
    if (this.isTall) {
      const data = this.image.data.slice();
      this.paint(data, masked, 0);
      normalise(resizeBicubic({ ...this.image, data }, size, size).data, this.normal, out, offset);
      return;
    }
    const rows = reachedBy(this.down, masked.top, masked.bottom);
    const columns = reachedBy(this.across, masked.left, masked.right);
    const stripStart = masked.top * size * 3;
    const kept = this.squeezed.slice(stripStart, masked.bottom * size * 3);
    this.squeezeMasked(masked, columns);
    const pixels = this.squashed.slice();
    resampleDown(this.squeezed, size, this.down, pixels, rows, columns);
    this.squeezed.set(kept, stripStart);
    normalise(pixels, this.normal, out, offset);
  }

  /** The whole photo. */
  photo(out: Float32Array, offset: number): void {
    normalise(this.squashed, this.normal, out, offset);
  }

  /** The whole photo blurred, as a RUNA-like score looks at it. Blurred after squashing, with a deviation for each axis. */
  blurredPhoto(out: Float32Array, offset: number): void {
    const { width, height } = this.image;
    const size = this.input.imageSize;
    const sigma = Math.max(photoBlur.least, photoBlur.share * Math.max(width, height));
    const values = new Float32Array(this.squashed);
    gaussianBlur(values, size, size, (sigma * size) / width, (sigma * size) / height);
    normalise(Uint8Array.from(values, Math.round), this.normal, out, offset);
  }

  private get all(): Range {
    return { start: 0, end: this.input.imageSize };
  }

  /** The pass across of the masked rows, over what it was for the photo itself. */
  private squeezeMasked({ left, top, right, bottom }: PixelRectangle, columns: Range): void {
    const { width, data } = this.image;
    const strip = data.slice(top * width * 3, bottom * width * 3);
    this.paint(strip, { left, right, top, bottom }, top);
    const squeezedStrip = this.squeezed.subarray(
      top * this.input.imageSize * 3,
      bottom * this.input.imageSize * 3,
    );
    resampleAcross(strip, width, this.across, squeezedStrip, { start: 0, end: bottom - top }, columns);
  }

  /** Puts the tower's mean colour into a rectangle. @param firstRow of the photo, where `data` begins. */
  private paint(data: Uint8Array, { left, top, right, bottom }: PixelRectangle, firstRow: number): void {
    const { width } = this.image;
    const [red, green, blue] = this.fill;
    for (let y = top - firstRow; y < bottom - firstRow; y++)
      for (let at = (y * width + left) * 3, end = (y * width + right) * 3; at < end; at += 3) {
        data[at] = red;
        data[at + 1] = green;
        data[at + 2] = blue;
      }
  }
}

/** The outputs that read any input from `start` up to, not including, `end`. */
function reachedBy(filter: FilterTable, start: number, end: number): Range {
  let first = 0;
  while (first < filter.size && filter.first[first] + filter.count[first] <= start) first++;
  let last = filter.size;
  while (last > first && filter.first[last - 1] >= end) last--;
  return { start: first, end: last };
}
