/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { english } from '../../extension/protocol/localisation';
import { progressText, progressWords } from '../../extension/protocol/progressText';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('the progress of a scan', () => {
  it.each([[1400], [300]])(
    'is told as VS Code does, whole, and the scan is paused (%i px)',
    async (width) => {
      await screen.openList({ screen: 'scanning' }, width);
      const scan = screen.page.getByRole('group', { name: 'Scan' });
      const counts = scan.locator('.counts');
      const progress = {
        reference: { folder: '', scanId: '' },
        images: { total: 1923, done: 962, unreadable: 0 },
        objects: 4807,
        flagged: await screen.flagged(),
        secondsLeft: 372,
      };
      const { images, timeLeft } = progressWords(progress, english);
      const whole = progressText(progress, english);
      expect(await counts.getAttribute('title')).toBe(whole);
      expect(await counts.innerText()).toBe(width < 560 ? `${images} · ${timeLeft}` : whole);
      expect(await counts.evaluate((words) => words.scrollWidth <= words.clientWidth)).toBe(true);
      expect(await scan.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
      await scan.getByRole('button', { name: 'Pause' }).click();
      await screen.page.waitForFunction(() => window.fakeHost.commands.join() === 'pauseScan');
    },
  );
});
