/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { commands, Uri } from 'vscode';
import type { ScanSummary } from '../../extension/protocol/scan';
import { activeExtension, copyOfSamples, eventually, known, removeCopy, scan } from './extension';

const classes = ['cat', 'cup', 'motorbike'];

describe('the engine stops', () => {
  let folder: Uri;

  beforeEach(() => {
    folder = copyOfSamples(4);
  });
  afterEach(() => removeCopy(folder));

  it('is started again when it is killed in the middle of a scan, and the scan finishes', async function () {
    this.timeout(180_000);
    const api = await activeExtension();
    const finished = scan(folder, classes);
    const running = await eventually(
      'the first finished image',
      () =>
        api
          .scans()
          .find(
            ({ reference, images, state }) =>
              reference.folder === folder.fsPath && state === 'scanning' && images.done > 0,
          ),
      60_000,
    );
    assert.ok(running.images.done < running.images.total, 'the scan was over before it could be disturbed');
    const { pid } = api.engine()!;
    process.kill(pid, 'SIGKILL');
    const summary = await finished;
    assert.equal(summary.state, 'finished');
    assert.equal(summary.images.done, summary.images.total);
    assert.notEqual(api.engine()?.pid, pid);
    assert.equal(summary.reference.scanId, running.reference.scanId, 'a scan of its own was begun');
  });

  it('keeps what a cancelled scan finished, and continues from there', async function () {
    this.timeout(180_000);
    const api = await activeExtension();
    const ended = commands.executeCommand<unknown[]>('uniOod.scanFolder', folder, { classes });
    const running = await eventually(
      'the first finished image',
      () =>
        api.scans().find(({ reference, images }) => reference.folder === folder.fsPath && images.done > 0),
      60_000,
    );
    await commands.executeCommand('uniOod.pauseScan', running.reference);
    assert.deepEqual(await ended, []);
    const stopped = await known(running);
    assert.equal(stopped?.state, 'stopped');
    assert.ok(stopped.images.done > 0 && stopped.images.done < stopped.images.total);
    const summary = await commands.executeCommand<ScanSummary>('uniOod.resumeScan', running.reference);
    assert.equal(summary.reference.scanId, running.reference.scanId);
    assert.equal(summary.state, 'finished');
  });

  it('names a folder that is not there', async () => {
    const gone = Uri.joinPath(folder, 'no-such-folder');
    assert.deepEqual(await commands.executeCommand('uniOod.scanFolder', gone, { classes }), undefined);
  });
});
