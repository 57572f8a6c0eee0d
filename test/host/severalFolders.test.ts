/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commands, ConfigurationTarget, Uri, workspace } from 'vscode';
import type { ScanSummary } from '../../extension/protocol/scan';
import { activeExtension, copyOfSamples, eventually, removeCopy, scan, scanOnCommandLine } from './extension';

/** The test's own place in the workspace: the window keeps its first folder, which is what the others stand on. */
describe('a workspace with several folders', () => {
  let inFirst: Uri;
  let second: Uri;
  const listed = async (): Promise<string[]> =>
    (await activeExtension()).scans().map(({ reference }) => reference.folder);

  before(async () => {
    inFirst = Uri.joinPath(workspace.workspaceFolders![0].uri, 'samples');
    second = copyOfSamples();
    // The scans of the workspace are known before the folder joins.
    const { scansTree } = await activeExtension();
    await scansTree.getChildren();
  });
  after(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    await new Promise<void>((changed) => {
      workspace.onDidChangeWorkspaceFolders(() => changed());
      workspace.updateWorkspaceFolders(1, 1);
    });
    removeCopy(second);
  });

  it('lists what was scanned in a folder that joins it', async function () {
    this.timeout(120_000);
    scanOnCommandLine(second, ['cat', 'cup']);
    assert.ok(!(await listed()).includes(second.fsPath));
    workspace.updateWorkspaceFolders(1, 0, { uri: second });
    await eventually('the scan', async () => (await listed()).includes(second.fsPath), 20_000);
    assert.equal(workspace.workspaceFolders?.length, 2);
  });

  it('is scanned folder by folder, each with its own settings, and lists the scans of all', async function () {
    this.timeout(120_000);
    const fast = (folder: Uri) => workspace.getConfiguration('uniOod', folder);
    await fast(second).update('fast', true, ConfigurationTarget.WorkspaceFolder);
    const scans = [await scan(inFirst, ['dog']), await scan(second, ['dog'])];
    assert.deepEqual(
      scans.map(({ reference }) => reference.folder),
      [inFirst.fsPath, second.fsPath],
    );
    assert.deepEqual(
      scans.map(({ settings }) => settings?.configuration?.views?.background),
      [undefined, 'shared'],
    );
    for (const folder of [inFirst, second]) {
      assert.ok(existsSync(join(folder.fsPath, '.uni-ood')));
      assert.ok((await listed()).includes(folder.fsPath));
    }
  });

  it('takes a command to the folder it was given', async function () {
    this.timeout(60_000);
    for (const folder of [inFirst, second]) {
      const found = (await activeExtension())
        .scans()
        .find(({ reference, classes }) => reference.folder === folder.fsPath && classes[0] === 'dog');
      assert.ok(found);
      const output = join(folder.fsPath, 'all.json');
      await commands.executeCommand('uniOod.exportResults', found.reference, { only: 'all', output });
      assert.ok(existsSync(output));
      const resumed = await commands.executeCommand<ScanSummary>('uniOod.resumeScan', found.reference);
      assert.deepEqual(resumed.reference, found.reference);
    }
  });
});
