import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

it('l10n/bundle.l10n.json holds every text that is said, and no other: npm run texts', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/collectTexts.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
