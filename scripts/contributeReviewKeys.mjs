// Writes the review's commands and keys (extension/protocol/reviewActions.ts) into package.json, and the titles into
// package.nls.json. A test tells when they differ.
import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const bundle = await build({
  entryPoints: ['extension/protocol/reviewActions.ts'],
  bundle: true,
  format: 'esm',
  write: false,
});
const { reviewActions, actionCommand, actionTitleKey, actionWhen } = await import(
  `data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`
);
const manifest = JSON.parse(await readFile('package.json', 'utf8'));
const { contributes } = manifest;
const isOurs = ({ command }) => command.startsWith('uniOod.review.');
const entries = Object.entries(reviewActions);
const keep = (list, added) => [...(list ?? []).filter((entry) => !isOurs(entry)), ...added];
contributes.commands = keep(
  contributes.commands,
  entries.map(([name]) => ({
    command: actionCommand(name),
    title: `%${actionTitleKey(name)}%`,
    category: 'UNI-OOD',
  })),
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

const isReviewTitle = ([key]) => key.startsWith('command.review.');
const texts = Object.entries(JSON.parse(await readFile('package.nls.json', 'utf8')));
const others = texts.filter((text) => !isReviewTitle(text));
const place = others.findLastIndex(([key]) => key.startsWith('command.')) + 1;
const titles = entries.map(([name, { title }]) => [actionTitleKey(name), title]);
await writeFile(
  'package.nls.json',
  `${JSON.stringify(Object.fromEntries([...others.slice(0, place), ...titles, ...others.slice(place)]), null, 2)}\n`,
);
