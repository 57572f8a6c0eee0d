import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const field = () => screen.page.getByRole('combobox', { name: /^Class or new name/ });
const options = (group: string) => screen.page.getByRole('group', { name: group }).getByRole('option');

describe('choosing a class', () => {
  it('begins with the closest ones, and takes a new name for what is none of the list', async () => {
    await screen.openList({ reviewed: 0, preferences: { autoAdvance: 'off' } });
    await screen.page.getByRole('button', { name: 'Other Class…', exact: true }).click();
    expect(await options('Closest').first().innerText()).toMatch(/^1\s+sofa\s+0\.098$/);
    const all = screen.page.getByRole('listbox', { name: 'Classes' }).getByRole('option');
    expect(await all.count()).toBe(20);
    await field().fill('tra');
    expect((await all.first().innerText()).trim()).toMatch(/^train/);
    await field().fill('quokka');
    await field().press('Enter');
    expect((await screen.decisions(1))[0].decision).toEqual({ verdict: 'ood', class: 'quokka' });
  });

  it('takes a name that begins with a digit, and a digit alone for the class beside it', async () => {
    await screen.openList({ reviewed: 0, preferences: { autoAdvance: 'off' } });
    await screen.press('c');
    await field().waitFor();
    const third = (await options('Closest').nth(2).innerText()).split(/\s+/)[1];
    await screen.page.keyboard.type('3d printer');
    await screen.press('Enter');
    expect((await screen.decisions(1))[0].decision).toEqual({ verdict: 'ood', class: '3d printer' });
    await screen.press('c');
    await screen.page.keyboard.type('2');
    await screen.press('ArrowDown', 'Enter');
    expect((await screen.decisions(2))[1].decision).toEqual({ verdict: 'id', class: third });
  });

  it.each([300, 360])('leaves the object in sight at %d px, and says how many it names', async (width) => {
    await screen.openList({ reviewed: 0 }, width);
    await screen.press('ArrowDown', 'Shift+ArrowDown', 'c');
    await field().waitFor();
    expect(await screen.page.getByText('Class of 2 objects', { exact: true }).isVisible()).toBe(true);
    const picker = await screen.page.getByRole('dialog').boundingBox();
    const picture = await screen.page.locator('figure .picture').first().boundingBox();
    expect(picker!.y + picker!.height).toBeLessThanOrEqual(picture!.y);
  });
});
