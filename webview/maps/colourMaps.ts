import { infernoHex, viridisHex } from './matplotlibPalettes';

/** Red, green, blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** The maps a person can lay over the photo; `photo` is none. */
export const mapKinds = ['photo', 'attention', 'alignment', 'combined'] as const;
export type MapKind = (typeof mapKinds)[number];
export type DrawnMapKind = Exclude<MapKind, 'photo'>;

/** Inferno starts here, so that its lowest shown colour still stands out from a dark photo. */
const infernoStart = 0.18;
/** Below this share of the scale end nothing is painted: the photo stays untouched where nothing happens. */
const silentShare = 0.08;
const alphaExponent = 0.7;
/** Where the spotlight leaves the photo as it is: half of the scale end, where the contour runs. */
const spotlightRim = 0.5;
/** The spotlight never hides the photo whole: of its dark, and of the light on what counted most. */
const darkestSpotlight = 0.82;
const brightestShare = 0.5;
const paletteSteps = 1024;

/** Viridis at `value` in [0, 1]; nearest of matplotlib's 256 entries. */
export const viridis = (value: number): Colour => entry(viridisHex, value);

/** Inferno at `value` in [0, 1]; nearest of matplotlib's 256 entries. */
export const inferno = (value: number): Colour => entry(infernoHex, value);

/** Colour of a map at `value`, the share of the scale end in [0, 1]. */
export function mapColour(kind: DrawnMapKind, value: number): Colour {
  if (kind === 'attention') return inferno(infernoStart + (1 - infernoStart) * clampShare(value));
  if (kind === 'alignment') return viridis(value);
  return value < spotlightRim ? [0, 0, 0] : [255, 255, 255];
}

/**
 * Opacity of a map's colour at `value` in [0, 1], before the opacity the person chose.
 * Attention and alignment: ((v − 0.08) / 0.92)^0.7. Combined, a spotlight: black with (0.5 − v) / 0.5
 * below the rim, white with half of (v − 0.5) / 0.5 above. Both are linear in v, and bytes of sRGB are nearly so in
 * perceived lightness; without hue it reads the same with any colour vision, on dark photos as on light ones.
 */
export function mapAlpha(kind: DrawnMapKind, value: number): number {
  const share = clampShare(value);
  if (kind === 'combined')
    return share < spotlightRim
      ? 1 - share / spotlightRim
      : (brightestShare * (share - spotlightRim)) / (1 - spotlightRim);
  return Math.max(0, (share - silentShare) / (1 - silentShare)) ** alphaExponent;
}

/** What the person's opacity A in [0, 1] becomes on the canvas: A itself, for the spotlight min(0.82, 1.2 A). */
export function layerOpacity(kind: DrawnMapKind, opacity: number): number {
  return kind === 'combined' ? Math.min(darkestSpotlight, 1.2 * opacity) : opacity;
}

const palettes = new Map<DrawnMapKind, Uint32Array>();

/** Colour and alpha for 1,024 steps of [0, 1], packed as canvas pixels in memory order R, G, B, A. */
export function packedPalette(kind: DrawnMapKind): Uint32Array {
  const known = palettes.get(kind);
  if (known) return known;
  const bytes = new Uint8ClampedArray(4 * paletteSteps);
  for (let step = 0; step < paletteSteps; step++) {
    const value = step / (paletteSteps - 1);
    bytes.set(mapColour(kind, value), 4 * step);
    bytes[4 * step + 3] = Math.round(255 * mapAlpha(kind, value));
  }
  const packed = new Uint32Array(bytes.buffer);
  palettes.set(kind, packed);
  return packed;
}

function entry(palette: string, value: number): Colour {
  // As matplotlib: floor(value · 256), the last entry for 1.
  const start = 6 * Math.min(255, Math.floor(256 * clampShare(value)));
  const channel = (offset: number): number => parseInt(palette.slice(start + offset, start + offset + 2), 16);
  return [channel(0), channel(2), channel(4)];
}

/** `value` within [0, 1]; not-a-number counts as nothing. */
function clampShare(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
