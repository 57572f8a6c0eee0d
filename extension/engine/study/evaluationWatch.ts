import type { EvaluationProgress, EvaluationStage } from '../../protocol/evaluationRun';
import type { TuningStage } from '../../protocol/tuning';
import type { EvaluationSet } from './evaluateFolders';

/** What an evaluation has to do, as far as is known before it begins. */
export interface EvaluationSize {
  /** Tuning runs; 0: nothing is tuned. */
  seeds: number;
  /** Forms of the method that each run tunes in. */
  forms: number;
  sets: readonly MeasuredSet[];
}

type MeasuredSet = Pick<EvaluationSet, 'name'> & {
  photos: readonly Pick<EvaluationSet['photos'][number], 'expectedObjects'>[];
};

/** Objects through the image tower, forms tuned in, objects measured. */
type Work = 'passing' | 'stepping' | 'measuring';

/** Milliseconds of work after which its pace says something. */
const settled = 1000;
/** What comparing and the report take, as a share of all before. */
const finishing = 0.02;

/**
 * Tells how far an evaluation is, as one share of all its tuning and measuring, and the time left for all.
 *
 * What is to come is expected at the pace of what is done of its kind. Before any is, a run's steps are expected to take as
 * long as its passes, and an object to be measured as long as it is passed through the tower.
 */
export class EvaluationWatch {
  private readonly spent: Record<Work, number> = { passing: 0, stepping: 0, measuring: 0 };
  private readonly objects: number;
  private readonly objectsDone = new Map<MeasuredSet, number>();
  /** Of the run under way; `passes` is null until its objects are drawn. */
  private run: { seed: number; passes: number | null; passed: number; forms: number } | null = null;
  private share = 0;
  private last: number;

  /** @param clock milliseconds, monotonic. */
  constructor(
    private readonly size: EvaluationSize,
    private readonly told: (progress: EvaluationProgress) => void,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.objects = size.sets.reduce((sum, set) => sum + objectsOf(set), 0);
    this.last = clock();
  }

  /** @param seed 1-based. */
  tuning(seed: number, stage: TuningStage): void {
    const run = (this.run ??= { seed, passes: null, passed: 0, forms: 0 });
    switch (stage.kind) {
      case 'counted':
        this.run = { seed, passes: stage.objects + stage.heldOut + stage.outside, passed: 0, forms: 0 };
        this.pause();
        break;
      case 'passing':
        run.passed = stage.objects;
        this.advance('passing');
        break;
      case 'stepping':
        run.passed = run.passes ?? 0; // those of photos that cannot be read never come
        run.forms = stage.formNumber - 1 + stage.step / stage.steps;
        this.advance('stepping');
    }
    this.tell({ kind: 'tuning', seed, seeds: this.size.seeds, stage });
  }

  /** One more photo of a set is done. @param photos of the set so far. */
  measured(set: MeasuredSet, photos: number): void {
    this.endTuning();
    this.objectsDone.set(set, (objectsOf(set) * photos) / set.photos.length);
    this.advance('measuring');
    this.tell({ kind: 'measuring', set: set.name, photos, total: set.photos.length });
  }

  /** All is measured. */
  comparing(): void {
    this.told({ stage: { kind: 'comparing' }, share: this.share, secondsLeft: null });
  }

  /** The time until now was no part of the work that is counted. */
  pause(): void {
    this.last = this.clock();
  }

  private endTuning(): void {
    const { run } = this;
    if (run) this.run = { ...run, seed: this.size.seeds, passed: run.passes ?? 0, forms: this.size.forms };
  }

  /** The share of what was left shrinks as the time left does, so it never goes back when more is left than was thought. */
  private advance(work: Work): void {
    const now = this.clock();
    const passed = now - this.last;
    this.last = now;
    this.spent[work] += passed;
    const left = this.left();
    if (left !== null && passed + left > 0) this.share = 1 - ((1 - this.share) * left) / (passed + left);
  }

  private tell(stage: EvaluationStage): void {
    const left = this.left();
    const isSettled = this.allSpent() >= settled;
    this.told({ stage, share: this.share, secondsLeft: left === null || !isSettled ? null : left / 1000 });
  }

  private allSpent(): number {
    return this.spent.passing + this.spent.stepping + this.spent.measuring;
  }

  /** Milliseconds; null: nothing is known yet. */
  private left(): number | null {
    const measured = [...this.objectsDone.values()].reduce((sum, objects) => sum + objects, 0);
    const passing = this.passes();
    const measuring = pace(this.spent.measuring, measured) ?? passing?.pace ?? null;
    if (measuring === null) return null;
    const tuning = passing ? passing.left * passing.pace + this.steppingLeft(passing) : 0;
    const all = tuning + (this.objects - measured) * measuring;
    return all + finishing * (this.allSpent() + all);
  }

  /** Objects of all runs that have still to pass, and milliseconds an object; null: nothing is known of them. */
  private passes(): { aRun: number; left: number; pace: number } | null {
    if (!this.run?.passes) return null;
    const { seed, passes, passed } = this.run;
    const done = (seed - 1) * passes + passed;
    const milliseconds = pace(this.spent.passing, done);
    if (milliseconds === null) return null;
    return { aRun: passes, left: this.size.seeds * passes - done, pace: milliseconds };
  }

  private steppingLeft({ aRun, pace: pass }: { aRun: number; pace: number }): number {
    const { seeds, forms } = this.size;
    const done = this.run ? (this.run.seed - 1) * forms + this.run.forms : 0;
    return (seeds * forms - done) * (pace(this.spent.stepping, done) ?? (aRun * pass) / forms);
  }
}

const pace = (milliseconds: number, units: number): number | null =>
  units > 0 ? milliseconds / units : null;

const objectsOf = ({ photos }: MeasuredSet): number =>
  photos.reduce((sum, { expectedObjects }) => sum + expectedObjects, 0);
