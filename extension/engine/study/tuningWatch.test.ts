import { describe, expect, it } from 'vitest';
import type { TuningProgress } from '../../protocol/tuning';
import { TuningWatch } from './tuningWatch';
import type { TuningLook } from './tuneFolder';
import type { TuningTrial } from './tuningTrials';

const object = { picture: 'a.jpg', place: 0, label: 0 };
const heldOut = { accuracy: 1, separation: 0.9, against: 'outside' as const };

function look(number: number, step: number): TuningLook {
  return { trial: { name: 'a form' } as TuningTrial, number, of: 2, point: { step, loss: 1, heldOut } };
}

describe('progress of tuning', () => {
  it('grows from passes to steps, with the time left from the pace of each', () => {
    let now = 0;
    const told: TuningProgress[] = [];
    const watch = new TuningWatch(
      ['cat', 'dog'],
      (progress) => told.push(progress),
      () => now,
    );
    const shots = { training: [object], heldOut: [], outside: [], available: [3, 1] };
    watch.counted(shots, ['dog']);
    expect(told[0]).toMatchObject({
      stage: { kind: 'counted', objects: 1, classes: 1, tooFew: [{ class: 'dog', objects: 1 }] },
      secondsLeft: null,
    });
    now = 3000;
    watch.passed(1, 4);
    expect(told[1]).toMatchObject({ share: 0.125, secondsLeft: 9 });
    now = 12_000;
    watch.passed(4, 4);
    watch.looked(look(1, 0));
    expect(told.at(-1)).toMatchObject({ share: 0.5, secondsLeft: null });
    now = 16_000;
    watch.looked(look(1, 30));
    expect(told.at(-1)).toMatchObject({ share: 0.625, secondsLeft: 12 });
    watch.looked(look(2, 30));
    expect(told.at(-1)!.share).toBe(0.875);
  });
});
