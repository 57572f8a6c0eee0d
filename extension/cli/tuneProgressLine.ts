import ora, { type Ora } from 'ora';
import type { TuneListener, TuningTrial } from '../engine/study/tuneFolder';
import type { CurvePoint } from '../tuning/tuneCombiner';
import type { Shots } from '../tuning/shots';
import { counted } from './scanReport';

/** Says how far tuning is: what was counted once, the rest on one line of a terminal. */
export class TuneProgressLine implements TuneListener {
  private line: Ora | undefined;

  constructor(
    private readonly quiet: boolean,
    private readonly classes: readonly string[],
  ) {}

  counted({ training, heldOut, outside, available }: Shots, tooFew: readonly string[]): void {
    if (this.quiet) return;
    process.stderr.write(
      `Tuning on ${counted(training.length, 'object')} of ${counted(new Set(training.map(({ label }) => label)).size, 'class', 'classes')}; ${heldOut.length} held out, ${outside.length} of other labels.\n`,
    );
    if (tooFew.length > 0) {
      const counts = tooFew.map((name) => `${name} ${available[this.classes.indexOf(name)]}`);
      process.stderr.write(`Fewer labelled objects than asked for: ${counts.join(', ')}.\n`);
    }
    if (process.stderr.isTTY) this.line = ora({ stream: process.stderr, discardStdin: false }).start();
  }

  passed(objects: number, total: number): void {
    if (this.line) this.line.text = `${objects} of ${counted(total, 'object')} through the image encoder`;
  }

  looked({ name }: TuningTrial, { step, loss, heldOut }: CurvePoint): void {
    if (this.line)
      this.line.text = `${name} · step ${step} · loss ${loss?.toFixed(3) ?? '–'} · separation ${(100 * heldOut.separation).toFixed(1)} %`;
  }

  end(): void {
    this.line?.stop();
  }
}
