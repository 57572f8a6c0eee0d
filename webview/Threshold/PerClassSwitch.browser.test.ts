/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
/** Persons have their δ at 0.311, monitors at 0.231, all others at 0.271. */
const offsets = { person: 0.04, tvmonitor: -0.04 };
const toggle = () => screen.page.getByRole('button', { name: 'Threshold per class' });

/** Class and score of each drawn row, as it is read out. */
async function drawn(): Promise<{ name: string; score: number; flagged: boolean }[]> {
  const labels = await screen.rows.evaluateAll((rows) =>
    rows.map((row) => row.getAttribute('aria-label') ?? ''),
  );
  return labels.map((label) => {
    const [name, score, side] = label.split(', ');
    return {
      name: name.replace('closest to ', ''),
      score: Number(score.replace('score ', '')),
      flagged: side === 'flagged',
    };
  });
}

describe('a threshold per class in the review', () => {
  it('is not offered where no class was calibrated by itself', async () => {
    await screen.openList();
    expect(await toggle().count()).toBe(0);
    await screen.page.close();
    await screen.openList({ offsets: {} });
    expect(await toggle().count()).toBe(0);
  });

  it('re-flags every object by its class when it is chosen, and back', async () => {
    await screen.openList({ offsets, objects: 400 });
    const before = await screen.listed();
    expect((await drawn()).every(({ score }) => score < 0.271)).toBe(true);
    expect(await toggle().getAttribute('aria-pressed')).toBe('false');
    expect(await toggle().getAttribute('title')).toContain('person 0.311 (57 objects), tvmonitor 0.231');
    await toggle().click();
    await screen.page.locator('[aria-pressed=true][aria-label="Threshold per class"]').waitFor();
    const after = await screen.listed();
    expect(after).not.toBe(before);
    // What the store counts is what is listed, and each by its own δ.
    await screen.list.focus();
    await screen.press('End');
    const deltaOf = (name: string) => 0.271 + (offsets[name as keyof typeof offsets] ?? 0);
    const rows = await drawn();
    expect(rows.every(({ name, score }) => score <= deltaOf(name))).toBe(true);
    expect(rows.some(({ name, score }) => name === 'person' && score > 0.271)).toBe(true);
    const margins = rows.map(({ name, score }) => score - deltaOf(name));
    margins.slice(1).forEach((margin, at) => expect(margin).toBeGreaterThanOrEqual(margins[at] - 0.0011));
    await screen.shot('perClass-wide');
    await toggle().click();
    await screen.page.locator('[aria-pressed=false][aria-label="Threshold per class"]').waitFor();
    expect(await screen.listed()).toBe(before);
  });

  it('lists as many as the store counts, wherever δ is moved to', async () => {
    await screen.openList({ offsets, objects: 400 });
    await toggle().click();
    for (const value of ['0.271', '0.250', '0.300']) {
      await screen.page.getByRole('textbox', { name: 'Threshold' }).fill(value);
      await screen.page.keyboard.press('Enter');
      await screen.page.waitForTimeout(250);
      expect(await screen.listed()).toBe(await screen.page.evaluate(() => window.fakeHost.flagged()));
    }
  });

  it('says against which δ an object stands, and fits the least width', async () => {
    await screen.openList({ offsets, objects: 400, place: 'sideBar' }, 280);
    await toggle().click();
    await screen.page.locator('[aria-pressed=true][aria-label="Threshold per class"]').waitFor();
    const at = (await drawn()).findIndex(({ name }) => name === 'person');
    await screen.rows.nth(at).click();
    await expect.poll(() => screen.page.locator('.sentence').innerText()).toContain('its δ 0.311');
    expect((await screen.axe()).filter((fault) => fault.includes('Threshold per class'))).toEqual([]);
    const edges = await screen.page.locator('.first').evaluate((row) => [row.scrollWidth, row.clientWidth]);
    expect(edges[0]).toBeLessThanOrEqual(edges[1]);
    await screen.shot('perClass-280');
  });
});
