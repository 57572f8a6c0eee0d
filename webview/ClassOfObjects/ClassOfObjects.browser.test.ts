import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const active = () => screen.page.getByRole('listbox', { name: 'Classes' }).locator('[aria-selected=true]');

describe('the class of objects', () => {
  it('goes to the object that was looked at when choosing began', async () => {
    await screen.openList({ reviewed: 0, preferences: { autoAdvance: 'off' } });
    const first = (await screen.focused.getAttribute('id'))!;
    await screen.press('c');
    const field = screen.page.getByRole('combobox', { name: /^Class or new name/ });
    const asked = await field.getAttribute('aria-label');
    await screen.rows.nth(3).dispatchEvent('click');
    await expect.poll(() => screen.place()).toBe(4);
    expect(await field.getAttribute('aria-label')).toBe(asked);
    await field.fill('dog');
    await field.press('Enter');
    const [{ id, decision }] = await screen.decisions(1);
    expect(decision).toEqual({ verdict: 'id', class: 'dog' });
    expect(first).toContain(id);
  });

  it('keeps the class that was gone to when scores arrive', async () => {
    await screen.openList({ reviewed: 0, preferences: { autoAdvance: 'off' } });
    await screen.delayAnswers(700);
    await screen.press('End', 'c', 'ArrowDown', 'ArrowDown');
    const chosen = (await active().innerText()).trim();
    expect(chosen).not.toMatch(/\d/);
    await screen.page.getByRole('group', { name: 'Closest' }).waitFor();
    expect(await active().innerText()).toContain(chosen);
  });
});
