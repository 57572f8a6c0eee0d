import type { TuningProgress, TuningStage } from '../../protocol/tuning';
import { lookEvery } from '../../tuning/tuneCombiner';
import type { Shots } from '../../tuning/shots';
import type { TuneListener, TuningLook } from './tuneFolder';
import { mostSteps } from './tuningTrials';

/** Seconds of a stage after which its pace says something. */
const settled = 1;

/** Follows a tuning run and tells how far it is, as a share of the work and with the time left. */
export class TuningWatch implements TuneListener {
  private begun: number;

  /** @param clock milliseconds, monotonic. */
  constructor(
    private readonly classes: readonly string[],
    private readonly told: (progress: TuningProgress) => void,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.begun = clock();
  }

  counted({ training, heldOut, outside, available }: Shots, tooFew: readonly string[]): void {
    this.begun = this.clock();
    this.tell(
      {
        kind: 'counted',
        objects: training.length,
        classes: new Set(training.map(({ label }) => label)).size,
        heldOut: heldOut.length,
        outside: outside.length,
        tooFew: tooFew.map((name) => ({ class: name, objects: available[this.classes.indexOf(name)] })),
      },
      0,
      null,
    );
  }

  passed(objects: number, total: number): void {
    const share = total === 0 ? 1 : objects / total;
    this.tell({ kind: 'passing', objects, total }, share / 2, this.secondsLeft(share));
    if (objects === total) this.begun = this.clock();
  }

  looked({ trial, number, of, point }: TuningLook): void {
    const looks = mostSteps / lookEvery;
    const share = (number - 1 + point.step / lookEvery / looks) / of;
    this.tell(
      {
        kind: 'stepping',
        form: trial.name,
        formNumber: number,
        forms: of,
        step: point.step,
        steps: mostSteps,
        loss: point.loss,
        separation: point.heldOut.separation,
      },
      0.5 + share / 2,
      this.secondsLeft(share),
    );
  }

  private tell(stage: TuningStage, share: number, secondsLeft: number | null): void {
    this.told({ stage, share, secondsLeft });
  }

  /** From the pace of the stage so far. */
  private secondsLeft(share: number): number | null {
    const seconds = (this.clock() - this.begun) / 1000;
    return share === 0 || seconds < settled ? null : (seconds * (1 - share)) / share;
  }
}
