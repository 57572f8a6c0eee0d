import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const button = () => screen.page.getByRole('button', { name: 'Go to annotation' });

describe('the annotation of an object', () => {
  it.each([
    [1400, 'dark'],
    [1040, 'light'],
    [700, 'highContrast'],
    [320, 'dark'],
    [280, 'light'],
  ] as const)('is gone to by a press or a key at %i px, %s', async (width, theme) => {
    await screen.openList({}, width, theme);
    await screen.page.getByRole('button', { name: 'Label differs' }).click();
    await screen.rows.first().click();
    await screen.page.getByText(/The file says horse/).waitFor();
    await button().click();
    await screen.list.focus();
    await screen.press('g');
    await expect
      .poll(() => screen.page.evaluate(() => window.fakeHost.commands))
      .toEqual(['goToAnnotation', 'goToAnnotation']);
    expect(await screen.axe('main')).toEqual([]);
    await screen.shot(`annotation-${width}-${theme}`);
  });

  it('cannot be gone to where no file holds it', async () => {
    await screen.openList({ labelled: false });
    expect(await button().isDisabled()).toBe(true);
    await screen.press('g');
    expect(await screen.said).toBe('No annotation file holds this object.');
    expect(await screen.page.evaluate(() => window.fakeHost.commands)).toEqual([]);
  });
});
