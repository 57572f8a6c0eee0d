/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const pictures = () => screen.page.locator('figure .picture');

describe('maps over pictures', () => {
  it('differ from the bare picture and from each other, over crop and photo', async () => {
    await screen.openList();
    const seen: Buffer[][] = [[], []];
    for (const name of ['Photo', 'Attention β', 'Alignment μ', 'Combined ω']) {
      await screen.page.getByRole('radio', { name }).click();
      await screen.settled();
      expect(await screen.page.locator('figure canvas').count()).toBe(name === 'Photo' ? 0 : 2);
      for (const place of [0, 1]) seen[place].push(await pictures().nth(place).screenshot());
    }
    for (const place of seen)
      for (let one = 0; one < place.length; one++)
        for (let other = one + 1; other < place.length; other++)
          expect(place[one].equals(place[other])).toBe(false);
  });

  it('have their range in words, and the strength that is chosen', async () => {
    await screen.openList();
    await screen.page.getByRole('radio', { name: 'Attention β' }).click();
    await screen.settled();
    const legend = await screen.page.locator('figcaption').first().innerText();
    expect(legend).toMatch(/^0\s[\s\S]*×[\s\S]*an even share[\s\S]*\[CLS\] 18\s%/);
    await screen.page.getByRole('slider', { name: 'Map opacity' }).fill('20');
    expect(
      await screen.page
        .locator('figure canvas')
        .first()
        .evaluate((canvas) => getComputedStyle(canvas).opacity),
    ).toBe('0.2');
  });

  it('are drawn once their photo is there, and not over an empty frame', async () => {
    await screen.openList();
    let release = (): void => undefined;
    const held = new Promise<void>((done) => (release = done));
    await screen.page.route('**/picture/**', async (route) => {
      await held;
      await route.continue();
    });
    await screen.rows.nth(9).click();
    await screen.page.locator('[role=option][aria-posinset="10"][aria-selected=true]').waitFor();
    await screen.page.waitForTimeout(500);
    expect(await screen.page.locator('figure .picture img').count()).toBe(2);
    expect(await screen.page.locator('canvas').count()).toBe(0);
    release();
    await expect.poll(() => screen.page.locator('figure canvas').count()).toBe(2);
    await expect.poll(() => screen.page.locator('.switch canvas').count()).toBe(6);
  });

  it.each([[280], [300], [400]])('say in a narrow panel why there is none, uncut (%i px)', async (width) => {
    await screen.openList({ reviewed: 0 }, width);
    await screen.page.getByRole('searchbox').fill('bird');
    await screen.page.waitForTimeout(200);
    await screen.rows.first().click();
    const legend = screen.page.locator('figcaption .legend').nth(1);
    await expect.poll(() => legend.innerText()).toBe('no background');
    expect(await legend.evaluate((line) => line.scrollWidth <= line.clientWidth)).toBe(true);
  });
});

describe('labels of boxes', () => {
  it('of a crowded photo are apart, that of the object among them', async () => {
    await screen.openList({ crowd: 60 });
    const labels = await screen.page.locator('figure .label').evaluateAll((all) =>
      all.map((label) => {
        const { left, top, right, bottom } = label.getBoundingClientRect();
        return { text: label.textContent, left, top, right, bottom };
      }),
    );
    expect(labels.length).toBeGreaterThan(10);
    expect(labels.length).toBeLessThan(65);
    expect(labels.map(({ text }) => text)).toContain('≈ sofa 0.098');
    for (const [index, one] of labels.entries())
      for (const other of labels.slice(index + 1)) {
        const apart =
          one.right <= other.left ||
          other.right <= one.left ||
          one.bottom <= other.top ||
          other.bottom <= one.top;
        expect(apart, `${one.text} and ${other.text}`).toBe(true);
      }
  });
});
