/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();

describe('the content security policy of the page', () => {
  it('is in force: styles and scripts written into it are refused and noticed', async () => {
    await screen.openList();
    expect(await screen.page.evaluate(() => window.fakeHost.violations)).toEqual([]);
    await screen.page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<i style="color: red"></i>');
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'void 0' }));
    });
    await screen.page.waitForFunction(() => window.fakeHost.violations.length === 2);
    expect(
      (await screen.page.evaluate(() => window.fakeHost.violations.splice(0))).map(
        (text) => text.split(':')[0],
      ),
    ).toEqual(['style-src-attr', 'script-src-elem']);
    // Chromium reports both on the console as well.
    screen.faults = [];
  });
});
