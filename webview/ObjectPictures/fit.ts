/** A picture laid whole and centred into a view; all in CSS pixels. */
export interface FittedPicture {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** CSS pixels of the view to one pixel of the photo. */
  readonly scale: number;
}

/** The largest size at which a picture of `width` × `height` lies whole in a view. */
export function fitPicture(
  width: number,
  height: number,
  viewWidth: number,
  viewHeight: number,
): FittedPicture {
  const scale = Math.max(0, Math.min(viewWidth / width, viewHeight / height));
  const shown = { width: width * scale, height: height * scale };
  return { ...shown, left: (viewWidth - shown.width) / 2, top: (viewHeight - shown.height) / 2, scale };
}
