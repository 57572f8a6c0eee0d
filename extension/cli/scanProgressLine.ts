import ora, { type Ora } from 'ora';
import type { ScanListener } from '../engine/folderRun';
import { english } from '../protocol/localisation';
import { progressText } from '../protocol/progressText';
import { counted } from './scanReport';
import type { ScanProgress, ScanSummary } from '../protocol/scan';

/** One line that says how far a scan is, on a terminal only; and, where that is long, what it will take. */
export class ScanProgressLine implements ScanListener {
  private readonly line: Ora | undefined;
  /** Images that an earlier scan had finished. */
  private finishedBefore = 0;
  private deviceFallback: string | null = null;
  /** What the report should tell of the folder. */
  readonly notices: string[] = [];

  constructor(private readonly quiet: boolean) {
    if (!quiet && process.stderr.isTTY)
      this.line = ora({ stream: process.stderr, text: 'Loading models', discardStdin: false }).start();
  }

  preparing(what: string): void {
    if (this.line) this.line.text = what;
  }

  noticed(sentence: string): void {
    this.notices.push(sentence);
  }

  started({ images, deviceFallback }: ScanSummary): void {
    this.deviceFallback = deviceFallback;
    this.finishedBefore = images.done;
    if (this.line) this.line.text = `${images.done} of ${images.total} images`;
  }

  progressed(progress: ScanProgress): void {
    const { images, secondsLeft } = progress;
    if (images.done === this.finishedBefore && secondsLeft !== null)
      this.say(
        [
          `About ${duration(secondsLeft)} for ${counted(images.total - images.done, 'image')}.`,
          ...(this.deviceFallback === null ? [] : [this.deviceFallback]), // why it takes long
        ].join(' '),
      );
    if (this.line) this.line.text = progressText(progress, english);
  }

  objectsAdded(): void {
    // Counted in `progressed`.
  }

  end(): void {
    this.line?.stop();
  }

  /** Said before the first image, on and off a terminal. */
  private say(sentence: string): void {
    if (this.quiet) return;
    this.line?.clear();
    process.stderr.write(`${sentence}\n`);
  }
}

/** "40 s", "34 min", "2.5 h", rounded up. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.ceil(seconds / 60)} min`;
  return `${(Math.ceil(seconds / 360) / 10).toFixed(1)} h`;
}
