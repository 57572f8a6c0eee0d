import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';

interface Line {
  label: string;
}
/** Labels that the person presses one after the other; null: they leave. */
let presses: (string | null)[] = [];
let typed = '';
const asked: { prompt: string; first: string }[] = [];

vi.mock('vscode', () => ({
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...values: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)])),
  },
  window: {
    showQuickPick: (lines: Line[], { placeHolder }: { placeHolder: string }) => {
      asked.push({ prompt: placeHolder, first: lines[0].label });
      const press = presses.shift();
      return Promise.resolve(lines.find(({ label }) => label === press));
    },
    showInputBox: ({ value, prompt }: { value: string; prompt: string }) => {
      asked.push({ prompt, first: value });
      return Promise.resolve(typed);
    },
  },
}));
const { chooseTunedForms } = await import('./chooseTunedForms');

const folder = { fsPath: '/photos' } as Uri;
const choose = (...labels: (string | null)[]): ReturnType<typeof chooseTunedForms> => {
  presses = labels;
  return chooseTunedForms('Evaluate on photos', folder, 'annotations', 20);
};
const tuned = 'Tuned on This Folder Too';

beforeEach(() => {
  asked.length = 0;
  typed = '';
});

describe('tuning as part of an evaluation', () => {
  it('asks for shots and for seeds, the usual ones first', async () => {
    expect(await choose(tuned, '10', '5')).toEqual({
      tuning: { folder: '/photos', boxes: 'annotations', shots: 10, seeds: 5 },
      combiner: null,
    });
    expect(asked.slice(1).map(({ first }) => first)).toEqual(['10', '5']);
    expect(asked[2].prompt).toMatch(/each on 10 other objects a class/);
  });

  it('takes another number as well', async () => {
    typed = '7';
    expect(await choose(tuned, 'Another Number…', '1')).toMatchObject({ tuning: { shots: 7, seeds: 1 } });
    expect(asked[2].first).toBe('10'); // what is usual stands in the box
    expect(asked[3].prompt).toMatch(/each on 7 other objects a class/);
  });

  it('asks neither where nothing is tuned, and gives nothing when the person leaves', async () => {
    expect(await choose('Untuned')).toEqual({ tuning: null, combiner: null });
    expect(asked).toHaveLength(1);
    expect(await choose(null)).toBeUndefined();
    expect(await choose(tuned, null)).toBeUndefined();
    expect(await choose(tuned, '10', null)).toBeUndefined();
  });

  it('measures the combiner in use where there is one', async () => {
    presses = ['With the Combiner in Use Too'];
    expect(await chooseTunedForms('', folder, 'annotations', 20, '/state/mine.safetensors')).toEqual({
      tuning: null,
      combiner: '/state/mine.safetensors',
    });
    expect(await choose('With the Combiner in Use Too')).toBeUndefined(); // not offered
  });

  it('tunes on annotations where whole photos are scored', async () => {
    presses = [tuned, '10', '5'];
    expect(await chooseTunedForms('', folder, 'image', 20)).toMatchObject({
      tuning: { boxes: 'annotations' },
    });
    presses = [tuned, '10', '5'];
    expect(await chooseTunedForms('', folder, '/boxes.json', 20)).toMatchObject({
      tuning: { boxes: '/boxes.json' },
    });
  });
});
