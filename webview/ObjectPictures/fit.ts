/** A picture laid into a view; all in CSS pixels. */
export interface FittedPicture {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** CSS pixels of the view to one pixel of the photo. */
  readonly scale: number;
}

/** How far a picture is magnified: 1 shows it whole; `x` and `y`, shares of it, are in the middle of the view. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const fitZoom: Zoom = { scale: 1, x: 0.5, y: 0.5 };
const largestScale = 24;
/** The share of the picture's side an object takes when it is zoomed to. */
const objectShare = 0.55;
/** Less would not be seen as a change. */
const smallestMagnification = 1.6;

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

/** The picture magnified. It is never dragged away from an edge of the view that it could reach. */
export function zoomPicture(
  fitted: FittedPicture,
  zoom: Zoom,
  viewWidth: number,
  viewHeight: number,
): FittedPicture {
  if (zoom.scale <= 1) return fitted;
  const width = fitted.width * zoom.scale;
  const height = fitted.height * zoom.scale;
  return {
    width,
    height,
    left: placed(viewWidth, width, zoom.x),
    top: placed(viewHeight, height, zoom.y),
    scale: fitted.scale * zoom.scale,
  };
}

function placed(view: number, size: number, middle: number): number {
  if (size <= view) return (view - size) / 2;
  return Math.min(0, Math.max(view - size, view / 2 - middle * size));
}

/** So that a box fills about half of the picture. */
export function zoomOn(
  [x, y, width, height]: readonly [number, number, number, number],
  size: { width: number; height: number },
): Zoom {
  const share = Math.max(width / size.width, height / size.height, 0.001);
  const isWhole = share > 0.99;
  return {
    scale: isWhole ? 1 : Math.min(largestScale, Math.max(smallestMagnification, objectShare / share)),
    x: (x + width / 2) / size.width,
    y: (y + height / 2) / size.height,
  };
}

export function zoomedBy(zoom: Zoom, factor: number): Zoom {
  return { ...zoom, scale: Math.min(largestScale, Math.max(1, zoom.scale * factor)) };
}

/** Magnifies by `factor` so that what is under the pointer stays there. `pointer`: in the view. */
export function zoomAt(
  shown: FittedPicture,
  zoom: Zoom,
  factor: number,
  pointer: { x: number; y: number },
  view: { width: number; height: number },
): Zoom {
  const next = zoomedBy(zoom, factor);
  const grown = next.scale / zoom.scale;
  const middle = (at: number, start: number, size: number, extent: number): number => {
    const share = (at - start) / size;
    return share + (extent / 2 - at) / (size * grown);
  };
  return {
    scale: next.scale,
    x: middle(pointer.x, shown.left, shown.width, view.width),
    y: middle(pointer.y, shown.top, shown.height, view.height),
  };
}

/** Moves the picture by CSS pixels. */
export function panned(shown: FittedPicture, zoom: Zoom, by: { x: number; y: number }): Zoom {
  const within = (share: number): number => Math.min(1, Math.max(0, share));
  return { ...zoom, x: within(zoom.x - by.x / shown.width), y: within(zoom.y - by.y / shown.height) };
}
