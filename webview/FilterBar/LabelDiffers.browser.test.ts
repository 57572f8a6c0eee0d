import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const toggle = () => screen.page.getByRole('button', { name: 'Label differs' });

describe('labels of the dataset', () => {
  it.each([
    [1400, 'dark'],
    [1400, 'highContrast'],
    [1040, 'light'],
    [280, 'light'],
  ] as const)('are held against the closest class at %i px, %s', async (width, theme) => {
    await screen.openList({}, width, theme);
    const before = await screen.listed();
    await toggle().click();
    await screen.page.waitForFunction(
      (all) => Number(document.querySelector('.list [role=option]')?.getAttribute('aria-setsize')) < all,
      before,
    );
    expect(await toggle().getAttribute('aria-pressed')).toBe('true');
    await screen.rows.first().click();
    await screen.page.getByText(/The file says horse, 0\.\d+ lower\./).waitFor();
    const scores = screen.page.getByRole('region', { name: 'Class scores' });
    expect(await scores.getByRole('button', { name: /horse Label in file/ }).count()).toBe(1);
    expect(await screen.axe('.bar, .sentence, [aria-label="Class scores"]')).toEqual([]);
    await screen.settled();
    if (width < 560) {
      await screen.shot(`labels-${width}-${theme}-top`);
      await scores.scrollIntoViewIfNeeded();
    }
    await screen.shot(`labels-${width}-${theme}`);
    await toggle().click();
    expect(await screen.listed()).toBe(before);
  });

  it('stay filtered when the page is made anew', async () => {
    await screen.openList();
    await toggle().click();
    const listed = await screen.listed();
    await screen.reopen();
    expect(await toggle().getAttribute('aria-pressed')).toBe('true');
    expect(await screen.listed()).toBe(listed);
  });

  it('offer no filter where the dataset has none', async () => {
    await screen.openList({ labelled: false });
    expect(await toggle().count()).toBe(0);
    expect(await screen.page.getByText('The file says').count()).toBe(0);
  });
});
