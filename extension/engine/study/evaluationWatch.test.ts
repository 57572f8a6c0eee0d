import { describe, expect, it } from 'vitest';
import type { EvaluationProgress } from '../../protocol/evaluationRun';
import type { TuningStage } from '../../protocol/tuning';
import { EvaluationWatch, type EvaluationSize } from './evaluationWatch';

const steps = 60;
const set = (name: string, photos: number, expectedObjects = 1): EvaluationSize['sets'][number] => ({
  name,
  photos: Array.from({ length: photos }, () => ({ expectedObjects })),
});

/** A pretended evaluation: every piece of work takes what it is told to. */
class Run {
  now = 0;
  readonly told: EvaluationProgress[] = [];
  readonly watch: EvaluationWatch;

  constructor(readonly size: EvaluationSize) {
    this.watch = new EvaluationWatch(
      size,
      (progress) => this.told.push(progress),
      () => this.now,
    );
  }

  get last(): EvaluationProgress {
    return this.told.at(-1)!;
  }

  tell(seed: number, stage: TuningStage): void {
    this.watch.tuning(seed, stage);
  }

  /** @param passes objects of the run. @param endsAt step at which held-out objects end each form. */
  tune(seed: number, passes: number, pass: number, form: number, endsAt = steps): void {
    this.tell(seed, { kind: 'counted', objects: passes, classes: 1, heldOut: 0, outside: 0, tooFew: [] });
    for (let objects = 1; objects <= passes; objects++) {
      this.now += pass;
      this.tell(seed, { kind: 'passing', objects, total: passes });
    }
    const { forms } = this.size;
    for (let formNumber = 1; formNumber <= forms; formNumber++)
      for (let step = 0; step <= endsAt; step += 5) {
        this.now += step === 0 ? 0 : (5 * form) / endsAt;
        const stepping = { kind: 'stepping' as const, form: 'a form', formNumber, forms, steps };
        this.tell(seed, { ...stepping, step, loss: 1, separation: 1 });
      }
  }

  measure(which: EvaluationSize['sets'][number], photo: number): void {
    this.watch.pause();
    for (let photos = 1; photos <= which.photos.length; photos++) {
      this.now += photo;
      this.watch.measured(which, photos);
    }
  }

  shares(): number[] {
    return this.told.map(({ share }) => share);
  }
}

const rising = (shares: number[]): boolean =>
  shares.every((share, at) => at === 0 || share >= shares[at - 1]);

describe('progress of an evaluation', () => {
  it('is one share of tuning and measuring, with the time left for both', () => {
    const id = set('id', 10, 2);
    const run = new Run({ seeds: 2, forms: 2, sets: [id] });
    run.tune(1, 10, 1000, 5000); // 10 s of passes, 10 s of steps; all takes 60 s
    expect(run.last.share).toBeCloseTo(20 / 60, 1);
    expect(run.last.secondsLeft).toBeCloseTo(40, -1);
    run.tune(2, 10, 1000, 5000);
    expect(run.last.share).toBeCloseTo(40 / 60, 1);
    run.measure(id, 2000);
    expect(run.last.share).toBeGreaterThan(0.95);
    expect(run.last.share).toBeLessThan(1);
    expect(run.last.secondsLeft).toBeLessThan(3);
    expect(rising(run.shares())).toBe(true);
  });

  it('counts all sets, by the objects of their photos, where nothing is tuned', () => {
    const [small, large] = [set('id', 4), set('other', 4, 3)];
    const run = new Run({ seeds: 0, forms: 3, sets: [small, large] });
    run.measure(small, 1000);
    expect(run.last).toMatchObject({ stage: { kind: 'measuring', set: 'id', photos: 4, total: 4 } });
    expect(run.last.share).toBeCloseTo(0.25, 1);
    expect(run.last.secondsLeft).toBeCloseTo(12, 0);
  });

  it('never goes back and never stands still when more is left than was thought', () => {
    const id = set('id', 20);
    const run = new Run({ seeds: 1, forms: 1, sets: [id] });
    run.tune(1, 20, 100, 2000);
    const tuned = run.told.length;
    run.measure(id, 5000); // fifty times what an object took before
    const shares = run.shares();
    expect(rising(shares)).toBe(true);
    expect(run.told[tuned + 1].secondsLeft).toBeGreaterThan(80);
    const measuring = shares.slice(tuned + 1);
    expect(measuring.every((share, at) => at === 0 || share > measuring[at - 1])).toBe(true);
    expect(run.last.share).toBeGreaterThan(0.9);
  });

  it('learns from forms that ended early', () => {
    const run = new Run({ seeds: 2, forms: 3, sets: [set('id', 1)] });
    run.tune(1, 5, 1000, 1000, 15);
    // The last form is only known to have ended when the next run begins.
    run.tell(2, { kind: 'counted', objects: 5, classes: 1, heldOut: 0, outside: 0, tooFew: [] });
    expect(run.last.secondsLeft).toBeGreaterThan(7);
    expect(run.last.secondsLeft).toBeLessThan(11); // 5 s of passes, 3 s of steps, an object to measure
  });

  it('says no time before a second of work, and none while comparing', () => {
    const id = set('id', 100);
    const run = new Run({ seeds: 0, forms: 3, sets: [id] });
    run.now += 20_000; // texts
    run.watch.pause();
    run.now += 100;
    run.watch.measured(id, 1);
    expect(run.last).toMatchObject({ secondsLeft: null });
    expect(run.last.share).toBeCloseTo(0.01, 2);
    run.watch.comparing();
    expect(run.last).toMatchObject({ stage: { kind: 'comparing' }, secondsLeft: null });
  });
});
