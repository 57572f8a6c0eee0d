import { describe, expect, it } from 'vitest';
import { labelHeight, placeLabels } from './boxLabels';

describe('labels of boxes', () => {
  it('stay inside the photo', () => {
    const [label] = placeLabels([{ text: 'person 0.352', x: 390, y: -17 }], 400, 300);
    expect(label.y).toBe(0);
    expect(label.x + label.width).toBeLessThanOrEqual(400);
  });

  it('move down past those that matter more', () => {
    const placed = placeLabels(
      ['first', 'second', 'third'].map((text) => ({ text, x: 10, y: 10 })),
      400,
      300,
    );
    expect(placed).toHaveLength(3);
    for (let index = 1; index < placed.length; index++)
      expect(placed[index].y).toBeGreaterThanOrEqual(placed[index - 1].y + labelHeight);
  });

  it('are left out where there is no room', () => {
    const crowd = Array.from({ length: 9 }, (_, index) => ({ text: `object ${index}`, x: 0, y: 0 }));
    expect(placeLabels(crowd, 60, 50).length).toBeLessThan(4);
  });
});
