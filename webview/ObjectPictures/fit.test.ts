import { describe, expect, it } from 'vitest';
import { fitPicture, fitZoom, panned, zoomAt, zoomOn, zoomPicture } from './fit';

const view = { width: 400, height: 300 };
const fitted = fitPicture(2000, 1000, view.width, view.height);

describe('a picture in its view', () => {
  it('lies whole and centred', () => {
    expect(fitted).toEqual({ left: 0, top: 50, width: 400, height: 200, scale: 0.2 });
    expect(zoomPicture(fitted, fitZoom, 400, 300)).toBe(fitted);
  });

  it('is magnified around a place, and leaves no gap that it could fill', () => {
    const shown = zoomPicture(fitted, { scale: 4, x: 0, y: 0.5 }, 400, 300);
    expect(shown).toEqual({ left: 0, top: -250, width: 1600, height: 800, scale: 0.8 });
  });

  it('is magnified until the object fills half of it', () => {
    const zoom = zoomOn([1000, 500, 110, 50], { width: 2000, height: 1000 });
    expect(zoom.scale).toBeCloseTo(10);
    expect(zoom.x).toBeCloseTo(0.5275);
    expect(zoomOn([0, 0, 2000, 1000], { width: 2000, height: 1000 }).scale).toBe(1);
  });

  it('keeps what is under the pointer when it is magnified there', () => {
    const before = { scale: 4, x: 0.5, y: 0.5 };
    const shown = zoomPicture(fitted, before, 400, 300);
    const pointer = { x: 100, y: 60 };
    const at = (picture: typeof shown) => (pointer.x - picture.left) / picture.width;
    const after = zoomPicture(fitted, zoomAt(shown, before, 1.5, pointer, view), 400, 300);
    expect(at(after)).toBeCloseTo(at(shown));
  });

  it('follows a drag', () => {
    const shown = zoomPicture(fitted, { scale: 4, x: 0.5, y: 0.5 }, 400, 300);
    expect(panned(shown, { scale: 4, x: 0.5, y: 0.5 }, { x: 160, y: -80 })).toEqual({
      scale: 4,
      x: 0.4,
      y: 0.6,
    });
  });
});
