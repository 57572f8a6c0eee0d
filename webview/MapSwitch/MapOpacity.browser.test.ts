/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('the opacity of maps', () => {
  it.each([[247], [292], [327], [367], [480], [760], [1400]])(
    'has a track to drag on (%i px), and the map can be shown again beside it',
    async (width) => {
      await screen.openList({}, width);
      const slider = screen.page.getByRole('slider', { name: 'Map opacity' });
      const { x, y, width: track, height } = (await slider.boundingBox())!;
      expect(track).toBeGreaterThanOrEqual(40);
      await screen.page.mouse.click(x + 0.75 * track, y + height / 2);
      expect(Number(await slider.inputValue())).toBeGreaterThan(70);
      const before = await slider.boundingBox();
      await screen.press('h');
      const show = screen.page.getByRole('button', { name: 'Map hidden: show it' });
      const box = (await show.boundingBox())!;
      expect(box.width).toBeGreaterThanOrEqual(24);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect((await slider.boundingBox())!.y).toBe(before!.y);
      await show.click();
      expect(await show.count()).toBe(0);
    },
  );
});
