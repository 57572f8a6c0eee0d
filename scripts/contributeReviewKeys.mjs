// Writes the review's commands and keys (extension/protocol/reviewActions.ts) into package.json. A test tells when they differ.
import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const bundle = await build({
  entryPoints: ['extension/protocol/reviewActions.ts'],
  bundle: true,
  format: 'esm',
  write: false,
});
const { reviewActions, actionCommand, actionWhen } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`
);
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const { contributes } = manifest;
const isOurs = ({ command }) => command.startsWith('uniOod.review.');
const entries = Object.entries(reviewActions);
const keep = (list, added) => [...(list ?? []).filter((entry) => !isOurs(entry)), ...added];
contributes.commands = keep(
  contributes.commands,
  entries.map(([name, { title }]) => ({ command: actionCommand(name), title, category: 'UNI-OOD' })),
);
contributes.keybindings = keep(
  contributes.keybindings,
  entries.flatMap(([name, action]) =>
    action.keys.map((key) => ({
      command: actionCommand(name),
      key,
      ...(key.includes('ctrl') ? { mac: key.replace('ctrl', 'cmd') } : {}),
      when: actionWhen(action),
    })),
  ),
);
contributes.menus.commandPalette = keep(
  contributes.menus.commandPalette,
  entries.map(([name]) => ({ command: actionCommand(name), when: 'uniOod.reviewVisible' })),
);
await writeFile('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
