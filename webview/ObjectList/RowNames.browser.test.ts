/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('what is closest', () => {
  it('is said not to be what a flagged object is, until a person said so', async () => {
    await screen.openList({ reviewed: 0, preferences: { autoAdvance: 'off' } });
    const first = screen.rows.first();
    expect(await first.innerText()).toMatch(/^≈\s/);
    expect(await first.getAttribute('aria-label')).toMatch(/^closest to \w+, score/);
    expect(await first.getAttribute('title')).toMatch(/^Closest class: \w+\n/);
    await screen.page
      .getByRole('button', { name: /^In distribution/ })
      .first()
      .click();
    await expect.poll(() => first.innerText()).not.toContain('≈');
    await screen.page.getByRole('radio', { name: 'Kept' }).click();
    await expect.poll(() => screen.rows.first().innerText()).not.toContain('≈');
  });
});
