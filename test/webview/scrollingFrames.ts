/// <reference lib="dom" />
import type { Page } from 'playwright-core';

/** Milliseconds of 179 frames while the list of the review scrolls, with leaps in between. */
export function scrollingFrames(page: Page): Promise<number[]> {
  return page.locator('.queue .view').evaluate(async (list) => {
    const times: number[] = [];
    let last = performance.now();
    for (let frame = 0; frame < 180; frame++) {
      list.scrollTop += frame % 60 === 59 ? 400_000 : 130;
      const now = await new Promise<number>((drawn) => requestAnimationFrame(drawn));
      times.push(now - last);
      last = now;
    }
    return times.slice(1);
  });
}
