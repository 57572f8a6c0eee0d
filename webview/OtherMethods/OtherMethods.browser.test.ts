/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const section = () => screen.page.getByRole('region', { name: 'Other methods' });

describe('other methods', () => {
  it('tell where each ranks the object, and how many would flag it, as the row of the list does', async () => {
    await screen.openList();
    for (const method of ['UNI-OOD', 'MCM', 'Max cosine', 'GL-MCM', 'RUNA-like'])
      expect(await section().innerText()).toContain(method);
    const agreeing = await screen.rows.first().locator('.agreement i.agrees').count();
    expect(agreeing).toBeGreaterThan(0);
    expect(await section().getByRole('heading').innerText()).toMatch(
      new RegExp(`${agreeing} of 4 would flag it`, 'i'),
    );
  });

  it.each([320, 1400])('have percentiles that do not lie over each other (%i px)', async (width) => {
    await screen.openList({}, width);
    const field = screen.page.getByRole('textbox', { name: 'Threshold' });
    const ticks = section().locator('em');
    for (const threshold of ['0.3', '0.33', '0.34', '0.35', '0.36', '0.37', '0.4']) {
      await field.fill(threshold);
      await screen.press('Enter');
      const sides = await ticks.evaluateAll((parts) =>
        parts.map((part) => part.getBoundingClientRect()).map(({ left, right }) => ({ left, right })),
      );
      sides.sort((one, other) => one.left - other.left);
      for (const [at, { left }] of sides.slice(1).entries())
        expect(left, threshold).toBeGreaterThan(sides[at].right + 2);
    }
  });
});
