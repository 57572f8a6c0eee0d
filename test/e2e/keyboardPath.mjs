// From the Explorer to the exported file in a real VS Code by keyboard alone: the steps are handed keys and what is on the screen.
import { join } from 'node:path';
import { copySamples } from '../vscode/samples.mjs';
import { Eyes, Hands } from './keyboard/hands.mjs';
import { walkByKeys } from './keyboard/steps.mjs';
import { root, Stage } from './stage.mjs';

const stage = await Stage.open({
  name: 'e2e-keyboard',
  settings: {},
  window: { viewport: { width: 1500, height: 950 } },
  fill: (place) => copySamples(root, join(place, 'workspace/samples')),
});
const { page, workbench, workspace, step } = stage;

await stage.walk(() =>
  walkByKeys({
    hands: new Hands(page.keyboard),
    eyes: new Eyes(workbench),
    step,
    shot: (name) => workbench.shot(name),
    folder: join(workspace, 'samples'),
  }),
);
