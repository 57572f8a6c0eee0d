import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import type { Uri } from 'vscode';

interface Manifest {
  contributes: { configuration: { properties: Record<string, { scope: string }> } };
}

/** What one workspace folder says; elsewhere nothing is set. */
const ofFolder: Record<string, unknown> = {
  classes: 'cat, dog',
  boxes: 'annotations',
  combiner: '/shots.safetensors',
  fast: true,
  prompts: 'short',
  classAliases: { cat: ['kitten'] },
  truePositiveRate: 99,
};
const folder = { fsPath: '/photos' } as Uri;
const elsewhere = { fsPath: '/others' } as Uri;

vi.mock('vscode', () => ({
  ConfigurationTarget: {},
  l10n: { t: (message: string, name: string) => message.replace('{0}', name) },
  workspace: {
    workspaceFolders: undefined,
    getWorkspaceFolder: () => undefined,
    getConfiguration: (_section: string, scope?: Uri) => ({
      get: (key: string, usual: unknown) => (scope === folder && key in ofFolder ? ofFolder[key] : usual),
      inspect: (key: string) => (scope === folder ? { workspaceFolderValue: ofFolder[key] } : {}),
    }),
  },
}));

const { settings } = await import('./settings');

it('reads every setting of scope resource where the folder is', () => {
  const read = Object.fromEntries(
    Object.keys(ofFolder).map((key) => [key, settings[key as keyof typeof settings](folder)]),
  );
  expect(read).toEqual({ ...ofFolder, truePositiveRate: 0.99 });
});

it('refuses a true-positive rate that none can be, and has 95 % where none is set', () => {
  expect(settings.truePositiveRate(elsewhere)).toBe(0.95);
  for (const percent of [0, 101, 'most', null]) {
    ofFolder.truePositiveRate = percent;
    expect(() => settings.truePositiveRate(folder)).toThrow('uniOod.truePositiveRate');
  }
  ofFolder.truePositiveRate = 99;
});

it('knows every setting of scope resource', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const resource = Object.entries(contributes.configuration.properties)
    .filter(([, { scope }]) => scope === 'resource')
    .map(([name]) => name.replace('uniOod.', ''));
  expect(resource.sort()).toEqual(Object.keys(ofFolder).sort());
});
