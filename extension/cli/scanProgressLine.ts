import ora, { type Ora } from 'ora';
import type { ScanListener } from '../engine/folderRun';
import { counted } from './scanReport';
import type { ScanProgress, ScanSummary } from '../protocol/scan';

/** One line that says how far a scan is; on a terminal only. */
export class ScanProgressLine implements ScanListener {
  private readonly line: Ora | undefined;

  constructor(quiet: boolean) {
    if (!quiet && process.stderr.isTTY)
      this.line = ora({ stream: process.stderr, text: 'Loading models', discardStdin: false }).start();
  }

  preparing(what: string): void {
    if (this.line) this.line.text = what;
  }

  started({ images }: ScanSummary): void {
    if (this.line) this.line.text = `${images.done} of ${images.total} images`;
  }

  progressed(progress: ScanProgress): void {
    if (this.line) this.line.text = progressText(progress);
  }

  objectsAdded(): void {
    // Counted in `progressed`.
  }

  end(): void {
    this.line?.stop();
  }
}

/** "12 of 340 images · 57 objects · 9 flagged · about 2 min left" */
export function progressText({ images, objects, flagged, secondsLeft }: ScanProgress): string {
  const parts = [
    `${images.done} of ${counted(images.total, 'image')}`,
    counted(objects, 'object'),
    `${flagged} flagged`,
  ];
  if (secondsLeft !== null)
    parts.push(
      secondsLeft < 60 ? 'less than a minute left' : `about ${Math.round(secondsLeft / 60)} min left`,
    );
  return parts.join(' · ');
}
