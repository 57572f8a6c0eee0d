import { describe, expect, it } from 'vitest';
import { usableBox } from '../dataset/annotations/annotations';
import type { Box } from '../pipeline/image';
import { identifyObjects } from './identifiedObjects';

const [width, height] = [100, 60];

function identify(boxes: readonly Box[]): { box: Box; key: string; bbox: readonly number[] }[] {
  const objects = boxes.map((box) => ({ box, label: null, detectionScore: null, givenId: null }));
  return identifyObjects({ file: 'a.jpg', sha256: '00', width, height }, objects, 0).map(
    ({ box, identity }) => ({ box, key: identity.decisionKey, bbox: identity.bbox }),
  );
}

/** As a file with the recorded box would be read. */
function readAgain([x, y, boxWidth, boxHeight]: readonly number[]): Box {
  return usableBox({ x, y, width: boxWidth, height: boxHeight }, width, height) as Box;
}

describe('the box of an object', () => {
  it.each([
    ['ends at the edge with half a hundredth', { x: 10.125, y: 5.375, width: 89.875, height: 54.625 }],
    ['has digits that binary numbers lack', { x: 1.115, y: 0.1, width: 1.255, height: 2.675 }],
    ['has many digits', { x: 33.33333333333, y: 6.6666666666, width: 20.1999999999, height: 7.0000001 }],
    ['is the whole photo', { x: 0, y: 0, width, height }],
  ])('that %s is the same when what was recorded is read again', (_, box) => {
    const [first] = identify([box]);
    const [second] = identify([readAgain(first.bbox)]);
    expect(second).toEqual(first);
  });

  it('keeps repetitions apart in their order', () => {
    const box = { x: 1, y: 1, width: 5, height: 5 };
    const keys = identify([box, { ...box, x: 1.001 }, { ...box, x: 2 }]).map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
  });
});
