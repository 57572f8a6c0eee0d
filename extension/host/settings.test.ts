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
};
const folder = { fsPath: '/photos' } as Uri;

vi.mock('vscode', () => ({
  ConfigurationTarget: {},
  l10n: {},
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
  expect(read).toEqual(ofFolder);
});

it('knows every setting of scope resource', () => {
  const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const resource = Object.entries(contributes.configuration.properties)
    .filter(([, { scope }]) => scope === 'resource')
    .map(([name]) => name.replace('uniOod.', ''));
  expect(resource.sort()).toEqual(Object.keys(ofFolder).sort());
});
