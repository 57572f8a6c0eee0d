import ora, { type Ora } from 'ora';
import { english } from '../protocol/localisation';
import type { TuningProgress } from '../protocol/tuning';
import { tooFewText, tuningProgressText } from '../protocol/tuningText';
import { counted } from './scanReport';

/** Says how far tuning is: what was counted once, the rest on one line of a terminal. */
export class TuneProgressLine {
  private line: Ora | undefined;

  constructor(private readonly quiet: boolean) {}

  progressed(progress: TuningProgress): void {
    if (this.quiet) return;
    const { stage } = progress;
    if (stage.kind === 'counted') {
      const { objects, classes, heldOut, outside, tooFew } = stage;
      process.stderr.write(
        `Tuning on ${counted(objects, 'object')} of ${counted(classes, 'class', 'classes')}; ${heldOut} held out, ${outside} of other labels.\n`,
      );
      if (tooFew.length > 0) process.stderr.write(`${tooFewText(tooFew, english)}\n`);
      if (process.stderr.isTTY) this.line = ora({ stream: process.stderr, discardStdin: false }).start();
    } else if (this.line) this.line.text = tuningProgressText(progress, english);
  }

  end(): void {
    this.line?.stop();
  }
}
