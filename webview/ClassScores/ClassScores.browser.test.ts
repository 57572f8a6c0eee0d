/// <reference lib="dom" />
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const section = () => screen.page.getByRole('region', { name: 'Class scores' });

describe('class scores', () => {
  it('give the object the class that is pressed, and lead to all others', async () => {
    await screen.openList({ reviewed: 0, preferences: { autoAdvance: 'off' } });
    expect(await section().getByRole('button').count()).toBe(6);
    const second = section().getByRole('button').nth(1);
    const name = await second.locator('.ellipsis').innerText();
    await second.click();
    expect((await screen.decisions(1))[0].decision).toEqual({ verdict: 'id', class: name });
    await section().getByRole('button', { name: 'Other class… 15 more' }).click();
    await screen.page.getByRole('combobox', { name: /^Class or new name/ }).waitFor();
  });

  it('are drawn on the axis of the list, with numbers; what lies beyond it is an arrow', async () => {
    await screen.openList({}, 1500);
    const markOf = (strip: Locator) =>
      strip.evaluate((element) => {
        const { left, width } = element.getBoundingClientRect();
        const mark = element.querySelector('i')!;
        const delta = Number.parseFloat(getComputedStyle(element, '::after').left);
        const place = mark.getBoundingClientRect();
        return { score: (place.left + place.width / 2 - left) / width, delta: delta / width };
      });
    await screen.rows.nth(7).click();
    await screen.page.locator('[role=option][aria-selected=true][aria-posinset="8"]').waitFor();
    await screen.settled();
    const listed = await markOf(screen.rows.nth(7).locator('.strip'));
    const best = await markOf(section().locator('button .strip').first());
    expect(best.score).toBeCloseTo(listed.score, 2);
    expect(best.delta).toBeCloseTo(listed.delta, 2);
    const lowest = Number(
      /from (\S+) to/.exec((await screen.page.locator('.histogram > svg').getAttribute('aria-label'))!)![1],
    );
    const marks = await section()
      .locator('button:has(.strip)')
      .evaluateAll((all) =>
        all.map((row) => ({
          score: Number(row.querySelector('.num')!.textContent),
          isArrow: row.querySelector('.strip i')!.classList.contains('low'),
        })),
      );
    expect(marks.map(({ isArrow }) => isArrow)).toEqual(marks.map(({ score }) => score < lowest));
    expect(marks.some(({ isArrow }) => isArrow)).toBe(true);
    const places = await section()
      .locator('button .strip')
      .evaluateAll((strips) =>
        strips.map((strip) => Number.parseFloat(strip.querySelector<HTMLElement>('i')!.style.left)),
      );
    expect(places).toHaveLength(5);
    expect(places).toEqual([...places].sort((one, other) => other - one));
    expect((await section().locator('.ticks em:not(.delta)').count()) > 1).toBe(true);
    expect((await screen.page.locator('.histogram text').count()) > 1).toBe(true);
  });
});
