/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import type { ScanSummary } from '../../../extension/protocol/scan';
import { activeExtension, eventually, known, scanOnCommandLine } from '../extension';

/** Runs a command; what it asks meanwhile is left unanswered, and told. */
async function asked(
  command: string,
  ...given: unknown[]
): Promise<{ result: unknown; questions: string[] }> {
  const { showWarningMessage } = window;
  const questions: string[] = [];
  window.showWarningMessage = (message: string): Promise<undefined> => {
    questions.push(message);
    return Promise.resolve(undefined);
  };
  try {
    return { result: await commands.executeCommand(command, ...given), questions };
  } finally {
    window.showWarningMessage = showWarningMessage;
  }
}

const trustFirst = ['This runs a model on your files. Trust the folder first.'];

describe('a folder that is not trusted', () => {
  let folder: Uri;
  let scanned: ScanSummary;
  const databases = (place: Uri): string[] =>
    existsSync(join(place.fsPath, '.uni-ood')) ? readdirSync(join(place.fsPath, '.uni-ood')) : [];

  before(async function () {
    this.timeout(120_000);
    folder = Uri.joinPath(workspace.workspaceFolders![0].uri, 'samples');
    scanOnCommandLine(folder, ['cat', 'cup']);
    const api = await activeExtension();
    await api.scansTree.getChildren();
    scanned = await eventually('the scan', () =>
      api.scans().find(({ reference }) => reference.folder === folder.fsPath),
    );
  });

  it('is one in this window', () => assert.equal(workspace.isTrusted, false));

  it('is not scanned: the person is asked to trust it first', async () => {
    const { result, questions } = await asked('uniOod.scanFolder', folder, { classes: ['dog'] });
    assert.deepEqual(result, []);
    assert.deepEqual(questions, trustFirst);
    assert.equal((await activeExtension()).scans().length, 1);
  });

  for (const command of ['uniOod.rescan', 'uniOod.resumeScan'])
    it(`is not scanned again by ${command}`, async () => {
      const before = databases(folder);
      const { result, questions } = await asked(command, scanned.reference);
      assert.equal(result, null);
      assert.deepEqual(questions, trustFirst);
      assert.deepEqual(databases(folder), before);
      assert.equal((await known(scanned))?.createdAt, scanned.createdAt);
    });

  it('shows what was found in it before, and asks nothing', async () => {
    const { scansTree } = await activeExtension();
    const nodes = await scansTree.getChildren({ kind: 'scan', reference: scanned.reference });
    assert.equal(nodes.filter(({ kind }) => kind === 'object').length, Math.min(200, scanned.flagged));
    const { questions } = await asked('uniOod.openReviewInEditor', scanned.reference);
    assert.deepEqual(questions, []);
    await eventually('the tab', () =>
      window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label === 'Review: samples'),
    );
  });

  it('lets δ be moved and results be taken away, and asks nothing', async () => {
    const moved = await asked('uniOod.setThreshold', scanned.reference, 1000);
    assert.deepEqual(moved.questions, []);
    assert.equal((await known(scanned))?.flagged, scanned.objects);
    const output = join(folder.fsPath, '..', 'all.json');
    const exported = await asked('uniOod.exportResults', scanned.reference, { only: 'all', output });
    assert.deepEqual(exported.questions, []);
    const { objects } = JSON.parse(readFileSync(output, 'utf8')) as { objects: unknown[] };
    assert.equal(objects.length, scanned.objects);
  });
});
