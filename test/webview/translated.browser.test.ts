/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { verdictTerms } from '../../webview/objects/filterTerms';
import { unmarkedTexts } from './markedTexts';
import { classes, folders } from './page/inventedScan';
import type { PageOptions } from './reviewServer';
import { ReviewScreen } from './reviewScreen';

const screen = new ReviewScreen();
const offsets = { person: 0.04, tvmonitor: -0.04 };

/** Names of classes, models, methods and objects, and what the engine says: its sentences are English. */
const names = [
  ...classes,
  ...verdictTerms,
  ...folders,
  'field-photos',
  'red quokka',
  'micro',
  'clip-vit-b16',
  'UNI-OOD',
  'MCM',
  'GL-MCM',
  'data.yaml',
  'annotations (COCO, instances.json)',
  'Keeps 95.0 % of 2000 annotated in-distribution objects in 667 photos; expect 5.0 % of such objects to be flagged.',
  'Keeps 95.0 % of 2000 annotated in-distribution objects in 667 photos',
  'Set by you',
  'The engine stopped while reading trips/palace/view_0877.jpg. Everything finished so far is saved.',
  'Truncated: ends after 61 % of the picture',
  'Empty file',
  'Unsupported format: HEIC',
];

const unmarked = (): Promise<string[]> => unmarkedTexts(screen.page, names);

describe('in another language', () => {
  it('finds English where it is', async () => {
    await screen.openList({ objects: 400 });
    const found = await unmarked();
    for (const text of [
      'Class scores',
      'Export…',
      'Filter by file, folder or class',
      'Undo verdict (Ctrl+Z)',
    ])
      expect(found).toContain(text);
  });

  const screens: [string, PageOptions, number][] = [
    ['wide', { offsets }, 1400],
    ['medium', {}, 900],
    ['narrow', {}, 300],
    ['compared', { compared: true }, 1400],
    ['compared-narrow', { compared: true }, 340],
  ];
  it.each(screens)('the review leaves nothing in English (%s)', async (name, options, width) => {
    await screen.openList({ objects: 400, reviewed: 12, unreadable: 17, ...options, marked: true }, width);
    expect(await unmarked()).toEqual([]);
    await screen.shot(`translated-${name}`);
  });

  it.each([
    ['empty'],
    ['scanning'],
    ['stopped'],
    ['engineStopped'],
    ['nothingFlagged'],
    ['noImages'],
  ] as const)('the screen leaves nothing in English (%s)', async (name) => {
    await screen.open({ objects: 400, screen: name, marked: true }, 900);
    await screen.page.locator(name === 'empty' ? '.welcome' : '.columns').waitFor();
    expect(await unmarked()).toEqual([]);
    await screen.page.setViewportSize({ width: 300, height: 868 });
    await screen.page.locator('[data-layout=narrow]').waitFor();
    expect(await unmarked()).toEqual([]);
    await screen.shot(`translated-${name}`);
  });

  it('what lies over the screen leaves nothing in English', async () => {
    await screen.openList({ objects: 400, unreadable: 17, marked: true });
    await screen.press('?');
    await screen.page.getByRole('dialog').waitFor();
    expect(await unmarked()).toEqual([]);
    await screen.shot('translated-keys');
    await screen.press('Escape', 'c');
    await screen.page.getByRole('dialog').waitFor();
    expect(await unmarked()).toEqual([]);
    await screen.page.getByRole('combobox').last().fill('red quokka');
    expect(await unmarked()).toEqual([]);
    await screen.press('Enter');
    await screen.decisions(1);
    expect(await unmarked()).toEqual([]);
    await screen.page.getByRole('button', { name: '⟦Show List⟧' }).click();
    await screen.page.locator('.left-out').waitFor();
    expect(await unmarked()).toEqual([]);
  });

  it.each<[string, [text: string, ...keys: string[]][]]>([
    [
      'verdicts and maps',
      [
        ['⟦Next: ⟧', 'o'],
        ['⟦In distribution⟧', 'i'],
        ['⟦Undone: ⟧', 'Control+z'],
        ['⟦Auto-advance is off.⟧', 'a'],
        ['⟦Map hidden.⟧', 'h'],
        ['⟦Map shown.⟧', 'Shift+3', 'h', 'h'],
        ['⟦Threshold ⟧', '.'],
      ],
    ],
    [
      'groups and ranges',
      [
        ['⟦Kept⟧', 'v'],
        ['⟦By image⟧', 'Shift+V'],
        ['⟦By class⟧', 'Shift+V'],
        ['⟦By new name⟧', 'Shift+V'],
        ['⟦ compared.⟧', 'Shift+V'],
        ['⟦ selected.⟧', 'j', 'Shift+G'],
        ['⟦Score ⟧', 'Shift+T', 'ArrowRight'],
      ],
    ],
  ])('what is said of %s leaves nothing in English', async (name, said) => {
    await screen.openList({ objects: 400, marked: true });
    for (const [text, ...keys] of said) {
      await screen.press(...keys);
      // What a screen reader is told, at once or when things have been still.
      await screen.page.locator('[aria-live=polite].visually-hidden', { hasText: text }).waitFor();
      expect(await unmarked()).toEqual([]);
    }
    await screen.shot(`translated-${name.replaceAll(' ', '-')}`);
  });

  it('what is refused and what is not found leaves nothing in English', async () => {
    await screen.openList({ objects: 400, marked: true });
    await screen.page.getByRole('textbox', { name: '⟦Threshold⟧' }).fill('7');
    await screen.press('Enter');
    await screen.page.getByRole('alert').waitFor();
    expect(await unmarked()).toEqual([]);
    await screen.page.getByRole('searchbox').fill('no such object');
    await screen.page.locator('.empty').waitFor();
    expect(await unmarked()).toEqual([]);
  });

  it('what goes wrong leaves nothing in English but what the host says', async () => {
    await screen.openList({ objects: 400, withoutLikeness: true, marked: true });
    await screen.page.evaluate(() => (window.fakeHost.savingFails = '3.14'));
    await screen.press('o', 'Shift+V', 'Shift+V', 'Shift+V');
    await screen.page.getByRole('alert').waitFor();
    expect(await unmarked()).toEqual([]);
  });

  it('a list that is reviewed leaves nothing in English', async () => {
    await screen.openList({ objects: 40, reviewed: 40, marked: true });
    await screen.page.locator('.done').waitFor();
    expect(await unmarked()).toEqual([]);
  });
});
