import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { actionCommand, actionTitleKey, actionWhen, reviewActionNames, reviewActions } from './reviewActions';

const readRoot = (name: string): unknown =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../..', name), 'utf8'));
const titles = readRoot('package.nls.json') as Record<string, string>;
const manifest = readRoot('package.json') as {
  contributes: {
    commands: { command: string; title: string }[];
    keybindings: { command: string; key: string; when: string }[];
  };
};
const { commands, keybindings } = manifest.contributes;

describe('the keys of the review', () => {
  it('are those of package.json: node scripts/contributeReviewKeys.mjs', () => {
    const contributed = keybindings.filter(({ command }) => command.startsWith('uniOod.review.'));
    expect(contributed.map(({ command, key, when }) => ({ command, key, when }))).toEqual(
      reviewActionNames.flatMap((name) =>
        reviewActions[name].keys.map((key) => ({
          command: actionCommand(name),
          key,
          when: actionWhen(reviewActions[name]),
        })),
      ),
    );
    for (const name of reviewActionNames) {
      expect(commands).toContainEqual({
        command: actionCommand(name),
        title: `%${actionTitleKey(name)}%`,
        category: 'UNI-OOD',
      });
      expect(titles[actionTitleKey(name)]).toBe(reviewActions[name].title);
    }
  });

  it('never clash', () => {
    const keys = reviewActionNames.flatMap((name) => reviewActions[name].keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
