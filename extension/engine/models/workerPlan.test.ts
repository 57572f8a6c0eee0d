import { describe, expect, it } from 'vitest';
import { planWorkers } from './workerPlan';

const small = 10 * 2 ** 20;
const large = 350 * 2 ** 20;

describe('the threads of a bundle', () => {
  it('work on photos side by side where the tower is small', () => {
    expect(planWorkers(0, 1, small)).toEqual({ workers: 1, threadsEach: 1 });
    expect(planWorkers(0, 2, small)).toEqual({ workers: 2, threadsEach: 1 });
    expect(planWorkers(0, 16, small)).toEqual({ workers: 4, threadsEach: 4 });
  });

  it('share a large tower', () => {
    expect(planWorkers(0, 8, large)).toEqual({ workers: 1, threadsEach: 8 });
  });

  it('are as many as a person says, and never more than processors', () => {
    expect(planWorkers(1, 8, small)).toEqual({ workers: 1, threadsEach: 1 });
    expect(planWorkers(6, 8, small)).toEqual({ workers: 4, threadsEach: 1 });
    expect(planWorkers(99, 2, large)).toEqual({ workers: 1, threadsEach: 2 });
  });
});
