/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();
const fresh = { reviewed: 0 };
const checked = (name: string) =>
  screen.page.getByRole('radio', { name, exact: true }).getAttribute('aria-checked');

describe('the review by keyboard alone', () => {
  it('goes through objects, each verdict leads to the next unreviewed one', async () => {
    await screen.openList(fresh);
    await screen.press('j', 'j', 'k');
    expect(await screen.place()).toBe(2);
    await screen.press('o', 'i', 'x');
    expect(await screen.place()).toBe(5);
    await screen.press('k', 'k', 'n');
    expect(await screen.place(), 'passes over what is reviewed').toBe(5);
    await screen.press('Shift+N');
    expect(await screen.place()).toBe(1);
    const decisions = await screen.decisions(3);
    expect(decisions.map(({ decision }) => decision?.verdict)).toEqual(['ood', 'id', 'ignored']);
    expect(await screen.said).toMatch(/^Ignored\. 3 of [\d,]+ reviewed\. Next: \w+, 0\.\d{3}\.$/);
  });

  it('loses no key when they come faster than the screen', async () => {
    await screen.openList(fresh);
    await screen.page.evaluate(() => {
      for (let turn = 0; turn < 30; turn++)
        for (const type of ['keydown', 'keyup'])
          document.body.dispatchEvent(
            new KeyboardEvent(type, { key: 'o', code: 'KeyO', bubbles: true, cancelable: true }),
          );
    });
    const decisions = await screen.decisions(30);
    expect(new Set(decisions.map(({ id }) => id)).size).toBe(30);
    expect(await screen.place()).toBe(31);
  });

  it('gives one verdict a press, however long the key is held', async () => {
    await screen.openList(fresh);
    for (let repeat = 0; repeat < 5; repeat++) await screen.page.keyboard.down('o');
    await screen.page.keyboard.up('o');
    await expect.poll(() => screen.place()).toBe(2);
    for (let repeat = 0; repeat < 5; repeat++) await screen.page.keyboard.down('j');
    await screen.page.keyboard.up('j');
    await expect.poll(() => screen.place(), { message: 'moving goes on' }).toBe(7);
    await screen.decisions(1);
  });

  it('gives one verdict a press, though VS Code tells of it when the next key was held, too', async () => {
    await screen.openList(fresh);
    await screen.page.keyboard.down('o');
    await expect.poll(() => screen.place()).toBe(2);
    await screen.page.evaluate(() => {
      const dispatch = (type: 'keydown' | 'keyup', key: string, repeat: boolean) =>
        document.body.dispatchEvent(
          new KeyboardEvent(type, { key, code: `Key${key.toUpperCase()}`, repeat, bubbles: true }),
        );
      for (let repeat = 0; repeat < 4; repeat++) dispatch('keydown', 'o', true);
      dispatch('keyup', 'o', false);
      for (let repeat = 0; repeat < 5; repeat++) dispatch('keydown', 'j', repeat > 0);
      dispatch('keyup', 'j', false);
    });
    await expect.poll(() => screen.place()).toBe(7);
    await screen.decisions(1);
    await screen.page.keyboard.up('o');
    await screen.press('o');
    await screen.decisions(2);
  });

  it('gives each of the verdicts that follow a key that was held, though each is told of when its key is up', async () => {
    await screen.openList(fresh);
    for (let repeat = 0; repeat < 3; repeat++) await screen.page.keyboard.down('j');
    await screen.page.keyboard.up('j');
    await expect.poll(() => screen.place()).toBe(4);
    for (let press = 1; press <= 3; press++) {
      await screen.page.evaluate(() => {
        for (const type of ['keydown', 'keyup'])
          document.body.dispatchEvent(new KeyboardEvent(type, { key: 'o', code: 'KeyO', bubbles: true }));
      });
      await screen.decisions(press);
    }
  });

  it('gives a verdict that follows an undo to what the undo brings back', async () => {
    await screen.openList(fresh);
    await screen.press('o');
    const [given] = await screen.decisions(1);
    await screen.delayAnswers(300);
    await screen.press('Control+z', 'x');
    const [, after] = await screen.decisions(2);
    expect([after.id, after.decision?.verdict]).toEqual([given.id, 'ignored']);
  });

  it('waits for no undo that is not answered, and says that keys did nothing', async () => {
    await screen.openList(fresh);
    await screen.press('o');
    await screen.decisions(1);
    await screen.delayAnswers(60_000);
    await screen.press('Control+z', 'x');
    await expect.poll(() => screen.said, { timeout: 5000 }).toMatch(/^The last keys did nothing/);
    expect(await screen.place()).toBe(2);
    await screen.press('j');
    expect(await screen.place()).toBe(3);
  });

  it('gives the classes of digits in their order, though class scores come late', async () => {
    await screen.openList(fresh);
    await screen.delayAnswers(200);
    await screen.press('2', '2', '2', '2', '2', '2', 'o');
    const decisions = await screen.decisions(7);
    expect(decisions.map(({ decision }) => decision?.verdict)).toEqual([
      ...Array<string>(6).fill('id'),
      'ood',
    ]);
    expect(new Set(decisions.map(({ id }) => id)).size).toBe(7);
    await expect.poll(() => screen.place()).toBe(8);
  });

  it('stays, or steps, where the person set it so', async () => {
    await screen.openList({ ...fresh, preferences: { autoAdvance: 'off' } });
    await screen.press('o');
    expect(await screen.place()).toBe(1);
    await screen.press('u');
    expect((await screen.decisions(2))[1].decision).toBeNull();
    await screen.press('a', 'o');
    expect(await screen.place()).toBe(2);
    expect(await screen.page.getByRole('checkbox', { name: 'Auto-advance' }).isChecked()).toBe(true);
  });

  it('assigns close classes by digit and any class by typing', async () => {
    await screen.openList(fresh);
    const second = await screen.page
      .locator('section[aria-label="Class scores"] button')
      .nth(1)
      .getAttribute('title');
    await screen.press('2');
    expect(second).toContain((await screen.decisions(1))[0].decision!.class!);
    await screen.press('c');
    await screen.page.getByRole('combobox', { name: /^Class or new name/ }).waitFor();
    expect(await screen.axe()).toEqual([]);
    await screen.shot('class-picker-dark-1400');
    await screen.page.keyboard.type('trai');
    await screen.press('Enter');
    expect((await screen.decisions(2))[1].decision).toEqual({ verdict: 'id', class: 'train' });
    expect(await screen.place()).toBe(3);
    await screen.press('c', '3', 'Enter');
    expect((await screen.decisions(3))[2].decision?.verdict).toBe('id');
    await screen.press('c', 'Escape');
    expect(await screen.page.getByRole('dialog').count()).toBe(0);
    await screen.press('j');
    expect(await screen.place(), 'keys go to the list again').toBe(5);
    await screen.decisions(3);
  });

  it('completes a free name from those given before', async () => {
    await screen.openList(fresh);
    const field = screen.page.getByRole('combobox', { name: /^Class or new name/ });
    const typed = async (text: string) => {
      await screen.page.waitForFunction(
        () => window.fakeHost.keyboard.focused && !window.fakeHost.keyboard.typing,
      );
      await screen.press('c');
      await field.fill(text);
    };
    await typed('forklift');
    await screen.press('Enter');
    await typed('');
    const names = screen.page.getByRole('group', { name: 'New names given before' });
    expect((await names.getByRole('option').allInnerTexts()).map((text) => text.split(/\s+/))).toEqual([
      ['forklift', '1'],
    ]);
    await field.fill('for');
    await screen.press('Enter');
    expect((await screen.decisions(2)).map(({ decision }) => decision)).toEqual([
      { verdict: 'ood', class: 'forklift' },
      { verdict: 'ood', class: 'forklift' },
    ]);
  });

  it('chooses each map by a key, and its strength', async () => {
    await screen.openList();
    for (const [key, map] of [
      ['Shift+Digit1', 'Photo'],
      ['Shift+Digit2', 'Attention β'],
      ['Shift+Digit3', 'Alignment μ'],
      ['Shift+Digit4', 'Combined ω'],
      ['Shift+M', 'Alignment μ'],
      ['m', 'Combined ω'],
    ]) {
      await screen.press(key);
      expect(await checked(map), key).toBe('true');
    }
    await screen.press('[', '[', '[', ']');
    expect(await screen.page.getByRole('slider', { name: 'Map opacity' }).inputValue()).toBe('45');
    await screen.press('b');
    expect(await screen.page.locator('figure .hit').count()).toBe(0);
  });

  it('hides the map by a tap, and while the key is held', async () => {
    await screen.openList();
    const maps = screen.page.locator('figure canvas');
    await screen.press('h');
    expect(await maps.count()).toBe(0);
    await screen.press('h');
    expect(await maps.count()).toBe(2);
    await screen.page.keyboard.down('h');
    for (let repeat = 0; repeat < 3; repeat++) await screen.page.keyboard.down('h');
    await screen.page.waitForTimeout(320);
    expect(await maps.count()).toBe(0);
    await screen.page.keyboard.up('h');
    await maps.first().waitFor();
    expect(await checked('Combined ω')).toBe('true');
    await screen.page.keyboard.down('h');
    await screen.page.waitForTimeout(320);
    await screen.press('j');
    expect(await maps.count(), 'another key is tapped meanwhile').toBe(0);
    await screen.page.keyboard.up('h');
    await maps.first().waitFor();
  });

  it('zooms to the object, farther, nearer and back', async () => {
    await screen.openList();
    const width = async () => (await screen.page.locator('figure .picture').nth(1).boundingBox())!.width;
    await screen.press('j');
    await screen.settled();
    const whole = await width();
    await screen.press('z');
    const near = await width();
    expect(near).toBeGreaterThan(whole);
    const box = (await screen.page.locator('figure g.focused .line').boundingBox())!;
    const view = (await screen.page.locator('figure .view').nth(1).boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(view.x - 2);
    expect(box.y + box.height).toBeLessThanOrEqual(view.y + view.height + 2);
    await screen.press('=');
    expect(await width()).toBeGreaterThan(near);
    await screen.press('-', '-');
    expect(await width()).toBeLessThan(near);
    await screen.press('z');
    expect(await width()).toBe(whole);
  });

  it('goes to the filter and back, types letters there, and moves δ', async () => {
    await screen.openList();
    const before = await screen.listed();
    await screen.press('/', 'o', 'x');
    expect(await screen.page.getByRole('searchbox').inputValue()).toBe('ox');
    await screen.press('Escape', 'Escape', 'j');
    expect(await screen.page.getByRole('searchbox').inputValue()).toBe('');
    await screen.page.waitForTimeout(120);
    expect(await screen.place()).toBe(2);
    await screen.press('.', '.', 'Shift+Period');
    expect(await screen.page.locator('.threshold input').inputValue()).toBe('0.283');
    expect(await screen.listed()).toBeGreaterThan(before);
    await screen.press('v');
    expect(await checked('Kept')).toBe('true');
    await screen.press('t');
    expect(await screen.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('slider');
    expect(await screen.page.evaluate(() => window.fakeHost.decisions.length)).toBe(0);
  });

  it('goes to the other objects of the photo', async () => {
    await screen.openList();
    const current = screen.page.locator('section[aria-label="In this photo"] [aria-current]');
    const before = await current.innerText();
    await screen.press('ArrowRight');
    await screen.page.waitForTimeout(100);
    expect(await current.innerText()).not.toBe(before);
    await screen.press('ArrowLeft');
    await screen.page.waitForTimeout(100);
    expect(await current.innerText()).toBe(before);
  });

  it('goes on where it was when the keyboard comes back from another part of VS Code', async () => {
    await screen.openList(fresh);
    const away = () =>
      screen.page.evaluate(() => {
        (document.activeElement as HTMLElement).blur();
        window.dispatchEvent(new FocusEvent('focus'));
        return document.activeElement?.getAttribute('role');
      });
    expect(await away()).toBe('listbox');
    await screen.press('t');
    expect(await away()).toBe('slider');
  });

  it('does what the command palette says, though keys go elsewhere then', async () => {
    await screen.openList(fresh);
    await screen.page.evaluate(() => window.fakeHost.act('markOut'));
    await screen.page.evaluate(() => window.fakeHost.act('markOut'));
    await screen.decisions(2);
  });
});
