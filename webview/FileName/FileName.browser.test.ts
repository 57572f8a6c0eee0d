/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('the name of a file', () => {
  it.each([[1140], [760], [300]])('keeps its number and its extension in sight (%i px)', async (width) => {
    await screen.openList({}, width);
    const names = screen.page.locator('[role=option] .file, header h1 b');
    expect(await names.count()).toBeGreaterThan(3);
    const ends = await names.evaluateAll((all) =>
      all.map((name) => {
        const text = name.textContent.trim();
        const characters = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
        let last = characters.nextNode() as Text;
        for (let next = last; next !== null; next = characters.nextNode() as Text)
          if (next.data.trim() !== '') last = next;
        const range = document.createRange();
        range.selectNodeContents(last);
        const frame = name.getBoundingClientRect();
        return [text, last.data, range.getBoundingClientRect().right <= frame.right + 1] as const;
      }),
    );
    for (const [text, end, isInside] of ends) {
      expect(end, text).toMatch(/^\d{6}\.(jpg|png|webp)$/);
      expect(isInside, text).toBe(true);
    }
  });

  it.each([1400, 760, 300])(
    'cuts nothing off its end where its beginning gives way (%i px)',
    async (width) => {
      await screen.openList({}, width);
      const missing = await screen.page.locator('[role=option] .file .tail').evaluateAll((tails) =>
        tails.map((tail) => {
          const text = document.createRange();
          text.selectNodeContents(tail);
          return text.getBoundingClientRect().width - tail.getBoundingClientRect().width;
        }),
      );
      expect(missing.length).toBeGreaterThan(3);
      // A hundredth of a pixel too little is an ellipsis.
      expect(Math.max(...missing)).toBeLessThan(0.01);
    },
  );

  it.each([700, 760])('begins with its beginning (%i px)', async (width) => {
    await screen.openList({}, width);
    const head = (await screen.page.locator('main h1 .head').boundingBox())!;
    expect(head.width).toBeGreaterThan(20);
  });
});
