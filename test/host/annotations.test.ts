/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commands, window, type Uri } from 'vscode';
import type { AnnotationPlace } from '../../extension/protocol/annotations';
import type { ScanSummary } from '../../extension/protocol/scan';
import { annotateSamples } from '../fixtures/annotatedSamples';
import { activeExtension, copyOfSamples, eventually, removeCopy, scan } from './extension';

const file = 'annotations.json';

describe('annotations of a folder', () => {
  let folder: Uri;
  let summary: ScanSummary;

  before(async function () {
    this.timeout(120_000);
    folder = copyOfSamples();
    for (const name of readdirSync(folder.fsPath))
      if (!['cat.png', 'raccoon.jpg'].includes(name)) rmSync(join(folder.fsPath, name), { recursive: true });
    annotateSamples(folder.fsPath, ['cat.png', 'raccoon.jpg'], 2);
    summary = await scan(folder, ['cat'], 'annotations');
  });
  after(() => removeCopy(folder));

  it('are gone to from an object of the tree', async () => {
    const { scansTree } = await activeExtension();
    await commands.executeCommand('uniOod.setThreshold', summary.reference, 1000);
    const nodes = await scansTree.getChildren({ kind: 'scan', reference: summary.reference });
    const node = nodes.find((one) => one.kind === 'object' && one.object.id === '3');
    assert.ok(node);
    assert.equal(scansTree.getTreeItem(node).contextValue, 'object.annotated');
    const place = await commands.executeCommand<AnnotationPlace>('uniOod.goToAnnotation', node);
    assert.equal(place.file, join(folder.fsPath, file));
    const editor = await eventually('the editor', () =>
      window.activeTextEditor?.document.uri.fsPath === place.file ? window.activeTextEditor : undefined,
    );
    const selected = await eventually('the selection', () => editor.document.getText(editor.selection));
    const { annotations } = JSON.parse(readFileSync(place.file, 'utf8')) as { annotations: { id: number }[] };
    assert.deepEqual(
      JSON.parse(selected),
      annotations.find(({ id }) => id === 3),
    );
    await commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('are not copied where no object carries a verdict', async () => {
    const answers = (output: string) => ({ rules: { keepNamed: false }, output });
    const apply = (output: string) =>
      commands.executeCommand('uniOod.applyVerdicts', summary.reference, answers(output));
    const copy = join(folder.fsPath, '..', 'copy.json');
    // A command shows why it failed, and gives nothing.
    assert.equal(await apply(copy), undefined);
    assert.equal(existsSync(copy), false);
  });
});
