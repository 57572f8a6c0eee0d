/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const section = () => screen.page.getByRole('region', { name: 'Context' });

describe('context', () => {
  it('tells what is usual around the object, the most usual first, and how much is left', async () => {
    await screen.openList();
    const weights = [...(await section().innerText()).matchAll(/(\d+)\s%/g)].map(([, weight]) =>
      Number(weight),
    );
    expect(weights.slice(0, 6)).toEqual([...weights.slice(0, 6)].sort((a, b) => b - a));
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeGreaterThan(90);
  });

  it('says why it was not used when the whole photo is the object', async () => {
    await screen.openList({ reviewed: 0 });
    await screen.page.getByRole('searchbox').fill('bird');
    await screen.page.waitForTimeout(200);
    await screen.rows.first().click();
    await screen.page.getByText('the whole photo is the object').waitFor();
    expect(await section().innerText()).toContain('Not used: no other object in this photo.');
    expect(await screen.page.locator('figcaption').nth(1).innerText()).toBe('Not used: no background');
  });
});
