/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();
const fresh = { reviewed: 0 };
const verdictOf = (place: number) => screen.rows.nth(place - 1).getAttribute('aria-label');

describe('undo and redo', () => {
  it('go back and forth by keys, one verdict a press, and look at what changed', async () => {
    await screen.openList(fresh);
    await screen.press('o', 'x', 'i');
    await screen.decisions(3);
    expect(await screen.place()).toBe(4);
    await screen.press('Control+z');
    expect(await screen.place()).toBe(3);
    expect(await screen.said).toMatch(/^Undone: In distribution: \w+\.$/);
    expect(await verdictOf(3)).toContain('not reviewed');
    await screen.press('Control+z');
    expect(await screen.place()).toBe(2);
    expect(await screen.said).toBe('Undone: Ignored.');
    expect(await verdictOf(1)).toContain('Out of distribution');
    await screen.press('Control+Shift+z');
    expect(await screen.said).toBe('Redone: Ignored.');
    expect(await verdictOf(2)).toContain('Ignored');
    await screen.press('Control+y', 'Control+y');
    expect(await screen.said).toBe('Nothing to redo.');
    await screen.press('Control+z', 'Control+z', 'Control+z', 'Control+z');
    expect(await screen.said).toBe('Nothing to undo.');
    expect(await verdictOf(1)).toContain('not reviewed');
  });

  it('take back a cleared verdict, and forget what was undone once another verdict is given', async () => {
    await screen.openList({ ...fresh, preferences: { autoAdvance: 'off' } });
    await screen.press('o', 'u', 'Control+z');
    expect(await screen.said).toBe('Undone: Verdict cleared.');
    expect(await verdictOf(1)).toContain('Out of distribution');
    await screen.press('x', 'Control+y');
    expect(await screen.said).toBe('Nothing to redo.');
    expect(await verdictOf(1)).toContain('Ignored');
  });

  it('reach verdicts of an earlier page, since the engine keeps them', async () => {
    await screen.openList({ reviewed: 3 });
    await screen.press('Control+z');
    expect(await screen.said).toMatch(/^Undone: /);
    expect(await screen.place()).toBe(3);
    expect(await verdictOf(3)).toContain('not reviewed');
    await screen.press('Control+z', 'Control+z', 'Control+z');
    expect(await screen.said).toBe('Nothing to undo.');
  });

  it('come after verdicts that are still on their way, each of which stays a step of its own', async () => {
    await screen.openList(fresh);
    await screen.page.evaluate(() => {
      for (const [key, code] of ['o', 'o', 'o', 'o', 'z'].map((name) => [name, `Key${name.toUpperCase()}`]))
        for (const type of ['keydown', 'keyup'])
          document.body.dispatchEvent(
            new KeyboardEvent(type, { key, code, ctrlKey: key === 'z', bubbles: true, cancelable: true }),
          );
    });
    await screen.decisions(4);
    await screen.page.waitForFunction(() => document.body.innerText.includes('3 of'));
    expect(await screen.place()).toBe(4);
    expect(await verdictOf(3)).toContain('Out of distribution');
  });

  it('is not tried again by itself: where it failed, the state is loaded afresh', async () => {
    await screen.openList(fresh);
    await screen.press('o');
    await screen.decisions(1);
    await screen.page.evaluate(() => (window.fakeHost.savingFails = 'The engine stopped.'));
    await screen.press('Control+z');
    await screen.page.getByRole('alert').getByText('The engine stopped.').waitFor();
    expect(await verdictOf(1)).toContain('Out of distribution');
    await screen.page.evaluate(() => (window.fakeHost.savingFails = null));
    await screen.page.getByRole('button', { name: 'Try Again' }).click();
    await screen.page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await verdictOf(1)).toContain('Out of distribution');
    await screen.press('Control+z');
    expect(await verdictOf(1)).toContain('not reviewed');
  });

  it('leave a text field its own undo', async () => {
    await screen.openList(fresh);
    await screen.press('o', '/', 'a', 'Control+z');
    expect(await verdictOf(1)).toContain('Out of distribution');
  });

  it.each([
    [1400, 'dark'],
    [700, 'light'],
    [280, 'highContrast'],
  ] as const)('have a button (%i px, %s)', async (width, theme) => {
    await screen.openList(fresh, width, theme);
    await screen.press('o');
    expect((await screen.axe()).filter((fault) => fault.includes('Undo verdict'))).toEqual([]);
    await screen.page.getByRole('button', { name: 'Undo verdict' }).click();
    await screen.page.waitForFunction(() => document.body.innerText.includes('0 of'));
    await screen.shot(`undo-${theme}-${width}`);
  });
});

describe('verdicts that wait to be saved', () => {
  const cannotSave = () => screen.page.evaluate(() => (window.fakeHost.savingFails = 'The disk is full.'));

  it('are held by the host, which shows them to the next page', async () => {
    await screen.openList(fresh);
    await cannotSave();
    await screen.press('o', 'x', 'i', 'k', 'u');
    await screen.page.getByRole('alert').getByText('The disk is full.').waitFor();
    const unsaved = await screen.page.evaluate(() => window.fakeHost.unsaved);
    expect(unsaved.map(({ changes }) => changes.map(({ before, decision }) => [before, decision]))).toEqual([
      [[null, { verdict: 'ood' }]],
      [[null, { verdict: 'ignored' }]],
      [[null, { verdict: 'id', class: expect.any(String) as string }]],
      [[unsaved[2].changes[0].decision, null]],
    ]);
    expect(new Set(unsaved.map(({ id }) => id)).size).toBe(4);
    await screen.page.close();
    await screen.openList({ ...fresh, unsaved, savingFails: 'The disk is full.' });
    await screen.page.getByRole('alert').getByText('The disk is full.').waitFor();
    expect(await verdictOf(1)).toContain('Out of distribution, not saved yet');
    expect(await verdictOf(2)).toContain('Ignored, not saved yet');
    expect(await verdictOf(3)).toContain('not reviewed, not saved yet');
    expect(await screen.list.getByRole('option', { name: 'not saved yet' }).count()).toBe(3);
    await screen.page.evaluate(() => (window.fakeHost.savingFails = null));
    await screen.page.getByRole('button', { name: 'Try Again' }).click();
    expect((await screen.decisions(4)).map(({ step }) => step)).toEqual(unsaved.map(({ id }) => id));
    await screen.page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await screen.list.getByRole('option', { name: 'not saved yet' }).count()).toBe(0);
    expect(await verdictOf(2)).toMatch(/Ignored, (?!not saved)/);
    await screen.press('Control+z', 'Control+z');
    expect(await verdictOf(3)).toContain('not reviewed');
    expect(await verdictOf(2)).toContain('Ignored');
  });

  it('are told from those that are saved', async () => {
    await screen.openList(fresh);
    const mark = screen.rows.first().locator('.verdict');
    const opacity = () => mark.evaluate((element) => Number(getComputedStyle(element).opacity));
    await cannotSave();
    await screen.press('o');
    await screen.page.getByRole('alert').waitFor();
    expect(await verdictOf(1)).toContain('Out of distribution, not saved yet');
    expect(await opacity()).toBeLessThan(1);
    await screen.page.evaluate(() => (window.fakeHost.savingFails = null));
    await screen.page.getByRole('button', { name: 'Try Again' }).click();
    await screen.decisions(1);
    await screen.page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await verdictOf(1)).not.toContain('not saved yet');
    expect(await opacity()).toBe(1);
  });
});
