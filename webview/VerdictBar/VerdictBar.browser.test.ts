/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
/** A verdict stays on its object. */
const staying = { reviewed: 0, preferences: { autoAdvance: 'off' } } as const;
const bar = () => screen.page.getByRole('group', { name: 'Verdict' });

/** Types a name where a class is chosen. */
async function chooseName(name: string): Promise<void> {
  await screen.page.getByRole('combobox', { name: /^Class or new name/ }).fill(name);
  await screen.page.keyboard.press('Enter');
}

describe('verdicts', () => {
  it('are shown at once and stored', async () => {
    await screen.openList(staying);
    const out = screen.page.getByRole('button', { name: 'Out of distribution' });
    await out.click();
    expect(await out.getAttribute('aria-pressed')).toBe('true');
    expect(await screen.rows.first().getAttribute('aria-label')).toContain('Out of distribution');
    expect((await screen.decisions(1))[0].decision).toEqual({ verdict: 'ood' });

    const inOrder: [string | RegExp, number][] = [
      [/^In distribution: /, 2],
      ['Other Class…', 3],
      ['Ignore', 4],
      ['Clear verdict', 5],
    ];
    for (const [name, stored] of inOrder) {
      await screen.page.getByRole('button', { name, exact: true }).first().click();
      if (name === 'Other Class…') await chooseName('chair');
      await screen.decisions(stored);
    }
    const kinds = (await screen.decisions(5)).map(({ decision }) => decision);
    expect(kinds[1]).toMatchObject({ verdict: 'id' });
    expect(kinds[2]).toEqual({ verdict: 'id', class: 'chair' });
    expect(kinds[3]).toEqual({ verdict: 'ignored' });
    expect(kinds[4]).toBeNull();
    expect(await screen.rows.first().getAttribute('aria-label')).toContain('not reviewed');
  });

  it.each([[300], [360], [500], [600], [760], [1140], [1400]])(
    'can be read whole, with the name of what the object is (%i px)',
    async (width) => {
      await screen.openList(staying, width);
      const cut = (): Promise<string[]> =>
        bar()
          .locator('.ellipsis')
          .evaluateAll((words) =>
            words.filter((word) => word.scrollWidth > word.clientWidth).map((word) => word.textContent),
          );
      expect(await cut()).toEqual([]);
      await bar().getByRole('button', { name: 'Other Class…', exact: true }).click();
      await chooseName('red quokka');
      const out = bar().getByRole('button', { name: 'Out of distribution: red quokka', exact: true });
      await out.waitFor();
      expect(await out.innerText()).toMatch(/^Out(\sof distribution)?: red quokka(\sO)?$/);
      expect(await out.getAttribute('title')).toBe('Out of distribution: red quokka (O)');
      expect(await cut()).toEqual([]);
    },
  );

  it('stay in sight while the reasons are scrolled through in the side bar', async () => {
    await screen.openList({}, 360);
    for (const name of ['Class scores', 'Other methods', 'Context', 'In this photo', 'Details']) {
      await screen.page
        .getByRole('region', { name })
        .or(screen.page.getByRole('heading', { name }))
        .first()
        .scrollIntoViewIfNeeded();
      const verdicts = (await bar().boundingBox())!;
      expect(verdicts.y + verdicts.height).toBeLessThanOrEqual(screen.page.viewportSize()!.height);
    }
  });
});
