import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('a text with values that are more than text', () => {
  it('has each of them where the language of the person puts it', async () => {
    await screen.openList({
      translations: { 'Closest: {0} at {1}, {2} below {3}.': '{2} unter {3} bleibt {1} für {0}.' },
    });
    const [name, score] = (await screen.focused.getAttribute('aria-label'))!
      .replace(/^closest to (\S+), score (\S+), .*/, '$1 $2')
      .split(' ');
    const sentence = screen.page.locator('.sentence');
    expect(await sentence.innerText()).toMatch(
      new RegExp(`0\\.\\d{3} unter δ bleibt ${score} für ${name}\\.`),
    );
    expect((await sentence.locator('b').allInnerTexts()).slice(0, 2)).toEqual([score, name]);
  });
});
