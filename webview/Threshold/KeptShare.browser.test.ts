/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { thresholdAtTruePositiveRate } from '../../extension/pipeline/threshold';
import { decodeFloat32 } from '../../extension/protocol/columns';
import { InventedScan, type InventedScanOptions } from '../../test/webview/page/inventedScan';
import type { Theme } from '../../test/webview/reviewServer';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const choice = () => screen.page.getByRole('combobox', { name: 'Share of known objects to keep' });
const field = () => screen.page.getByRole('textbox', { name: 'Threshold' });
const reset = () => screen.page.getByRole('button', { name: 'Reset to the measured threshold' });
const origin = () => screen.page.locator('.origin');
const shown = (): Promise<string> =>
  choice().evaluate((select: HTMLSelectElement) => select.selectedOptions[0].text);
const options = (): Promise<string[]> => choice().locator('option').allInnerTexts();
const rates = (): Promise<number[]> => screen.page.evaluate(() => window.fakeHost.rates);

/** δ as the field shows it, from the calibration scores of the invented scan. */
function calibrated(rate: number): string {
  const scan = new InventedScan({
    objects: 1,
    photos: [{ name: 'a', width: 1, height: 1 }],
    calibration: 2000,
  } as unknown as InventedScanOptions);
  return thresholdAtTruePositiveRate(decodeFloat32(scan.snapshot(1).calibrationScores), rate).toFixed(3);
}

describe('the share of known objects to keep', () => {
  it('is not offered where δ was not calibrated', async () => {
    await screen.openList({ calibration: 0 });
    expect(await field().inputValue()).toBe('0.271');
    expect(await choice().count()).toBe(0);
  });

  it('moves δ, the list and all that is said of δ, and keeps the keys', async () => {
    await screen.openList({ objects: 400 });
    const before = await screen.listed();
    expect(await options()).toEqual(['Keep 90 %', 'Keep 95 %', 'Keep 99 %']);
    expect(await shown()).toBe('Keep 95 %');
    await choice().selectOption('Keep 99 %');
    await expect.poll(() => field().inputValue()).toBe(calibrated(0.99));
    expect(await rates()).toEqual([0.99]);
    expect(await shown()).toBe('Keep 99 %');
    expect(await screen.listed()).toBeLessThan(before);
    expect(await screen.listed()).toBe(await screen.page.evaluate(() => window.fakeHost.flagged()));
    expect(await origin().innerText()).toContain('Keeps 99.0 % of 2000');
    await expect
      .poll(() => screen.said)
      .toBe(`Threshold ${calibrated(0.99)}, ${await screen.listed()} flagged.`);
    // It is no threshold of the person's own, so there is nothing to reset.
    expect(await reset().count()).toBe(0);
    expect(await screen.page.evaluate(() => window.fakeHost.thresholds)).toEqual([]);
  });

  it('takes back a δ that was set by hand, and is what that is reset to', async () => {
    await screen.openList();
    await field().fill('0.300');
    await screen.press('Enter');
    await expect.poll(shown).toBe('Keep…');
    await choice().selectOption('Keep 95 %');
    await expect.poll(() => field().inputValue()).toBe('0.271');
    expect(await reset().count()).toBe(0);
    await choice().selectOption('Keep 90 %');
    await expect.poll(() => field().inputValue()).toBe(calibrated(0.9));
    await field().fill('0.300');
    await screen.press('Enter');
    await reset().click();
    await expect.poll(() => field().inputValue()).toBe(calibrated(0.9));
    await expect.poll(shown).toBe('Keep 90 %');
  });

  it('is chosen by the keyboard alone, with the focus left where it is', async () => {
    await screen.openList();
    await choice().focus();
    await screen.press('ArrowDown');
    await expect.poll(() => field().inputValue()).toBe(calibrated(0.99));
    expect(await choice().evaluate((select) => select === document.activeElement)).toBe(true);
    await screen.press('ArrowUp');
    await expect.poll(() => field().inputValue()).toBe('0.271');
    expect(await rates()).toEqual([0.99, 0.95]);
  });

  it('stays as it was where it cannot be stored, and is tried again', async () => {
    await screen.openList();
    await screen.page.evaluate(() => (window.fakeHost.savingFails = 'The disk is full.'));
    await choice().selectOption('Keep 99 %');
    await screen.page.getByRole('alert').getByText('The disk is full.').waitFor();
    expect(await shown()).toBe('Keep 95 %');
    expect(await field().inputValue()).toBe('0.271');
    await screen.page.evaluate(() => (window.fakeHost.savingFails = null));
    await screen.page.getByRole('button', { name: 'Try Again' }).click();
    await expect.poll(() => field().inputValue()).toBe(calibrated(0.99));
    await screen.page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('is not offered in a report, where a mark over the histogram moves δ while it is open', async () => {
    await screen.openList({ place: 'report' });
    expect(await choice().count()).toBe(0);
    await screen.page.getByRole('button', { name: /^Keeps 99/ }).click();
    await expect
      .poll(async () => Number(await field().inputValue()))
      .toBeCloseTo(Number(calibrated(0.99)), 2);
    await screen.page.waitForFunction(() => window.fakeHost.thresholds.length === 1);
    expect(await rates()).toEqual([]);
  });

  it('lists a rate that was typed elsewhere', async () => {
    await screen.openList({ rate: 0.975 });
    expect(await options()).toEqual(['Keep 90 %', 'Keep 95 %', 'Keep 97.5 %', 'Keep 99 %']);
    expect(await shown()).toBe('Keep 97.5 %');
  });

  it.each<[number, Theme, number]>([
    [280, 'dark', 34],
    [360, 'light', 2000],
    [360, 'dark', 2000],
    [360, 'highContrast', 2000],
    [360, 'highContrastLight', 34],
    [560, 'light', 2000],
    [1400, 'dark', 34],
  ])('at %i px (%s) is whole, beside what δ was measured on', async (width, theme, calibration) => {
    await screen.openList({ calibration, rate: 0.975, offsets: { person: 0.04 } }, width, theme);
    await screen.expectWithin(screen.page.locator('.threshold'), [choice(), origin()]);
    const [words, select] = [(await origin().boundingBox())!, (await choice().boundingBox())!];
    expect(words.x + words.width).toBeLessThanOrEqual(select.x);
    expect(words.width).toBeGreaterThan(100);
    expect(select.height).toBeGreaterThanOrEqual(24);
    await choice().focus();
    await screen.shot(`kept-share-${width}-${theme}`);
    expect(await screen.axe('.threshold')).toEqual([]);
    await origin().click();
    await screen.expectWithin(screen.page.locator('.threshold'), [choice(), origin()]);
    await field().fill('0.300');
    await screen.press('Enter');
    await expect.poll(shown).toBe('Keep…');
    await screen.shot(`kept-share-${width}-${theme}-open`);
    expect(await screen.axe('.threshold')).toEqual([]);
  });
});
