/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('auto-advance', () => {
  it.each([[250], [300], [480], [600], [760], [950], [1150], [1320], [1450], [1600]])(
    'is a toggle of 24 px or more, whole inside its bar, with its words where they fit (%i px)',
    async (width) => {
      await screen.openList({}, width);
      const toggle = screen.page.getByRole('checkbox', { name: 'Auto-advance' });
      const box = (await toggle.boundingBox())!;
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24);
      const bar = screen.page.getByRole('group', { name: 'Verdict' });
      const { room, wordsSeen } = await bar.evaluate((group) => {
        const label = group.querySelector('.advance')!.getBoundingClientRect();
        const words = group.querySelector('.advance .words')!.getBoundingClientRect();
        const other = group.querySelector('.ignore')!.getBoundingClientRect();
        const clear = group.querySelector('.clear')!.getBoundingClientRect();
        const isInRow = Math.abs(other.bottom - clear.bottom) < 8 && other.right < label.left;
        return {
          room: isInRow ? clear.left - other.right - words.width - 24 - 20 : -1,
          wordsSeen: words.bottom <= label.bottom && words.right <= label.right + 1,
        };
      });
      if (room >= 0) expect(wordsSeen, `there are ${room} px to spare`).toBe(true);
      if (width === 1150) expect(wordsSeen).toBe(true);
      if (width <= 300) expect(wordsSeen).toBe(false);
      await toggle.click();
      expect(await toggle.isChecked()).toBe(false);
    },
  );
});
