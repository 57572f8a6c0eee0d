/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const knob = () => screen.page.getByRole('slider', { name: 'Threshold' });

describe('the threshold', () => {
  it('re-flags at once by keyboard, and is stored', async () => {
    await screen.openList();
    const before = await screen.flagged();
    await knob().focus();
    await screen.page.keyboard.press('PageUp');
    const after = await screen.flagged();
    expect(after).toBeGreaterThan(before);
    expect(await screen.listed()).toBe(after);
    expect(await knob().getAttribute('aria-valuetext')).toBe(
      `0.281, ${after.toLocaleString('en-US')} of 9,615 flagged`,
    );
    await screen.page.waitForFunction(() => window.fakeHost.thresholds.length === 1);
    expect(await screen.page.evaluate(() => window.fakeHost.thresholds)).toEqual([0.281]);
    await screen.page.getByRole('button', { name: 'Reset to the measured threshold' }).click();
    await screen.page.waitForFunction(() => window.fakeHost.thresholds.length === 2);
    await screen.page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.threshold input')?.value === '0.271',
    );
    expect(await screen.flagged()).toBe(before);
  });

  it('re-flags while it is dragged', async () => {
    await screen.openList();
    const before = await screen.flagged();
    const place = (await knob().boundingBox())!;
    const x = place.x + place.width / 2;
    const y = place.y + place.height / 2;
    await screen.page.mouse.move(x, y);
    await screen.page.mouse.down();
    await screen.page.mouse.move(x - 30, y, { steps: 3 });
    const during = await screen.flagged();
    expect(during).toBeLessThan(before);
    expect(await screen.listed()).toBe(during);
    await screen.page.mouse.up();
    await screen.page.waitForFunction(() => window.fakeHost.thresholds.length === 1);
  });

  it.each([[1400], [300]])(
    'takes a typed number with a comma, and says what it cannot take (%i px)',
    async (width) => {
      await screen.openList({}, width);
      const place = await screen.rows.first().boundingBox();
      const field = screen.page.locator('.threshold input');
      await field.fill('0,2');
      await field.press('Enter');
      expect(await field.inputValue()).toBe('0.200');
      await screen.page.waitForFunction(() => window.fakeHost.thresholds.includes(0.2));
      const says = screen.page.locator('.threshold').getByRole('alert');
      await says.waitFor({ state: 'detached' });
      for (const [typed, fault] of [
        ['much', 'That is no number.'],
        ['7', '7.000 is out of range.'],
        ['-3', '−3.000 is out of range.'],
      ]) {
        await field.fill(typed);
        await field.press('Enter');
        expect(await field.inputValue()).toBe('0.200');
        expect(await says.innerText()).toMatch(/Type −?0\.\d{3} to 0\.\d{3}\. δ stays 0\.200\.$/);
        expect(await says.innerText()).toContain(fault);
        expect(await field.getAttribute('aria-invalid')).toBe('true');
        expect(await screen.rows.first().boundingBox()).toEqual(place);
      }
      await screen.page.waitForTimeout(300);
      expect(await screen.page.evaluate(() => window.fakeHost.thresholds)).toEqual([0.2]);
      await field.press('Escape');
      await says.waitFor({ state: 'detached' });
      const highest = /to (\d\.\d{3})/.exec(await refusal('9'))![1];
      await field.fill(highest);
      await field.press('Tab');
      expect(await field.inputValue()).toBe(highest);
      await says.waitFor({ state: 'detached' });

      async function refusal(text: string): Promise<string> {
        await field.fill(text);
        await field.press('Enter');
        return says.innerText();
      }
    },
  );

  it('says in one line what it was measured on, and in full when asked', async () => {
    await screen.openList({ calibration: 34 }, 300);
    const origin = screen.page.getByRole('button', { name: /^Measured on 34 objects only/ });
    expect((await origin.boundingBox())!.height).toBeLessThanOrEqual(24);
    expect(await origin.getAttribute('title')).toContain('in 12 photos; expect');
    await origin.click();
    expect(await origin.getAttribute('aria-expanded')).toBe('true');
    expect((await origin.boundingBox())!.height).toBeGreaterThan(40);
    const isWhole = await origin.evaluate((line) => line.scrollWidth <= line.clientWidth);
    expect(isWhole).toBe(true);
  });
});
