/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();

describe('the keys', () => {
  it('stand in one line wherever their words and keys fit side by side', async () => {
    await screen.openList({}, 1450);
    await screen.page.getByRole('button', { name: 'All keys of the review' }).click();
    expect(await screen.page.getByRole('dialog').locator('dl div').count()).toBeGreaterThan(20);
    const broken = await screen.page
      .getByRole('dialog')
      .locator('dl div')
      .evaluateAll((lines) =>
        lines
          .filter((line) => {
            const [words, keys] = [line.querySelector('dt')!, line.querySelector('dd')!];
            const range = document.createRange();
            range.selectNodeContents(words);
            const { width: room } = line.getBoundingClientRect();
            words.style.whiteSpace = 'nowrap';
            const natural = range.getBoundingClientRect().width;
            words.style.whiteSpace = '';
            return words.clientHeight > 24 && natural + keys.clientWidth + 10 <= room;
          })
          .map((line) => line.textContent),
      );
    expect(broken).toEqual([]);
    const first = screen.page.getByText('Out of Distribution', { exact: true });
    expect((await first.boundingBox())!.height).toBeLessThan(24);
    await screen.shot('keys-1450');
  });
});
