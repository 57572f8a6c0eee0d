import { describe, expect, it } from 'vitest';
import {
  inferno,
  layerOpacity,
  mapAlpha,
  mapColour,
  packedPalette,
  viridis,
  type Colour,
} from './colourMaps';

/**
 * Rows of the tables matplotlib publishes (lib/matplotlib/_cm_listed.py, 3.11.2), by their index of 256:
 * python -c "from matplotlib import _cm_listed as c; print(c.cmaps['viridis'].colors[51])"
 */
const published = {
  viridis: [
    [0, [0.267004, 0.004874, 0.329415]],
    [51, [0.253935, 0.265254, 0.529983]],
    [102, [0.163625, 0.471133, 0.558148]],
    [153, [0.134692, 0.658636, 0.517649]],
    [204, [0.477504, 0.821444, 0.318195]],
    [255, [0.993248, 0.906157, 0.143936]],
  ],
  inferno: [
    [0, [0.001462, 0.000466, 0.013866]],
    [51, [0.258234, 0.038571, 0.406485]],
    [102, [0.578304, 0.148039, 0.404411]],
    [153, [0.865006, 0.316822, 0.226055]],
    [204, [0.987622, 0.64532, 0.039886]],
    [255, [0.988362, 0.998364, 0.644924]],
  ],
} as const;

const lightness = ([red, green, blue]: Colour): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

describe('palettes', () => {
  it.each([
    ['viridis', viridis],
    ['inferno', inferno],
  ] as const)('%s has the colours matplotlib publishes, to the byte', (name, palette) => {
    for (const [index, channels] of published[name])
      palette(index / 255).forEach((byte, channel) =>
        expect(Math.abs(byte - 255 * channels[channel])).toBeLessThanOrEqual(1),
      );
  });

  it.each([viridis, inferno])(
    'get lighter with the value, so that they can be read without colour',
    (palette) => {
      const shades = Array.from({ length: 33 }, (_, step) => lightness(palette(step / 32)));
      for (let step = 1; step < shades.length; step++) expect(shades[step]).toBeGreaterThan(shades[step - 1]);
    },
  );

  it('stay at their ends beyond the scale', () => {
    expect(viridis(2)).toEqual(viridis(1));
    expect(inferno(-1)).toEqual(inferno(0));
    expect(viridis(NaN)).toEqual(viridis(0));
  });
});

describe('drawing a map', () => {
  it('starts attention at 18 % of inferno', () => {
    expect(mapColour('attention', 0)).toEqual(inferno(0.18));
    expect(mapColour('attention', 1)).toEqual(inferno(1));
  });

  it('leaves the photo untouched where nothing happens', () => {
    expect(mapAlpha('attention', 0.08)).toBe(0);
    expect(mapAlpha('alignment', 0)).toBe(0);
    expect(mapAlpha('alignment', 1)).toBe(1);
    expect(mapAlpha('attention', 0.54)).toBeCloseTo(0.5 ** 0.7, 9);
  });

  it('lights what counted and darkens the rest, never fully', () => {
    expect(mapAlpha('combined', 0)).toBe(1);
    expect(mapAlpha('combined', 0.5)).toBe(0);
    expect(mapAlpha('combined', 1)).toBe(0.5);
    expect(layerOpacity('combined', 1)).toBe(0.82);
    expect(layerOpacity('combined', 0.5)).toBeCloseTo(0.6, 9);
    expect(layerOpacity('attention', 0.65)).toBe(0.65);
  });

  it.each([20, 128, 235])('makes a photo of shade %i lighter in even steps the more it counted', (shade) => {
    const steps = Array.from({ length: 21 }, (_, step) => {
      const alpha = layerOpacity('combined', 0.65) * mapAlpha('combined', step / 20);
      return shade + alpha * (mapColour('combined', step / 20)[0] - shade);
    });
    const dark = steps.slice(1, 11).map((value, at) => value - steps[at]);
    const light = steps.slice(11).map((value, at) => value - steps[at + 10]);
    for (const half of [dark, light]) {
      expect(Math.min(...half)).toBeGreaterThan(0);
      expect(Math.max(...half) - Math.min(...half)).toBeLessThan(0.001);
    }
    expect(steps[20] - steps[0], 'ends are told apart').toBeGreaterThan(80);
  });

  it('packs colour and alpha in the order of canvas pixels', () => {
    const bytes = new Uint8Array(packedPalette('alignment').buffer);
    expect([...bytes.slice(-4)]).toEqual([...viridis(1), 255]);
    expect(bytes[3]).toBe(0);
  });
});
