/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commands, ConfigurationTarget, workspace, type Uri } from 'vscode';
import type { ScanSummary, Threshold } from '../../extension/protocol/scan';
import { annotateSamples } from '../fixtures/annotatedSamples';
import { activeExtension, copyOfSamples, known, removeCopy, scan } from './extension';

const classes = ['person', 'cat', 'boat'];
const files = ['astronaut.jpg', 'cat.png', 'boats.jpg'];

describe('the true-positive rate', () => {
  let folder: Uri;
  let summary: ScanSummary;
  const setting = (percent: unknown): Thenable<void> =>
    workspace.getConfiguration('uniOod').update('truePositiveRate', percent, ConfigurationTarget.Global);
  const threshold = async (): Promise<Threshold> => {
    const found = await known(summary);
    assert.ok(found);
    return found.threshold;
  };

  before(async function () {
    this.timeout(120_000);
    folder = copyOfSamples();
    for (const name of readdirSync(folder.fsPath))
      if (!files.includes(name)) rmSync(join(folder.fsPath, name), { recursive: true });
    annotateSamples(folder.fsPath, files, 8);
    await setting(90);
    summary = await scan(folder, classes, 'annotations');
  });
  after(async () => {
    await setting(undefined);
    removeCopy(folder);
  });

  it('of new scans is that of the settings', () => {
    // Of 24 objects 22 are 90 % or more.
    assert.equal(summary.threshold.calibratedAt, 0.9);
    assert.equal(summary.threshold.truePositiveRate, 22 / 24);
    assert.equal(summary.flagged, 2);
  });

  it('of a stored scan is changed without scanning, in the tree too', async () => {
    await commands.executeCommand('uniOod.setTruePositiveRate', summary.reference, 62.5);
    const changed = await threshold();
    assert.deepEqual([changed.calibratedAt, changed.truePositiveRate], [0.625, 15 / 24]);
    assert.equal((await known(summary))?.flagged, 9);
    const { scansTree } = await activeExtension();
    const children = await scansTree.getChildren({ kind: 'scan', reference: summary.reference });
    assert.equal(children.filter(({ kind }) => kind === 'object').length, 9);
  });

  it('takes back a δ that was set by hand, and is what a reset goes back to', async () => {
    await commands.executeCommand('uniOod.setThreshold', summary.reference, 1000);
    await commands.executeCommand('uniOod.setTruePositiveRate', summary.reference, 99);
    assert.deepEqual([(await threshold()).source, (await known(summary))?.flagged], ['calibrated', 0]);
    await commands.executeCommand('uniOod.setThreshold', summary.reference, 1000);
    await commands.executeCommand('uniOod.resetThreshold', summary.reference);
    assert.deepEqual([(await threshold()).calibratedAt, (await known(summary))?.flagged], [0.99, 0]);
  });

  it('stays what was chosen when the folder is scanned again, whatever the settings say', async function () {
    this.timeout(60_000);
    const again = await scan(folder, classes, 'annotations');
    assert.equal(again.reference.scanId, summary.reference.scanId);
    assert.equal(again.threshold.calibratedAt, 0.99);
  });

  it('of a scan that was not calibrated cannot be chosen, and no setting that is no rate is scanned with', async function () {
    this.timeout(60_000);
    const plain = await scan(folder, classes, 'detector');
    assert.equal(plain.threshold.calibratedAt, undefined);
    await commands.executeCommand('uniOod.setTruePositiveRate', plain.reference, 99);
    assert.deepEqual((await known(plain))?.threshold, plain.threshold);
    await setting(0);
    // A command shows why it failed, and gives nothing.
    const answers = { classes, boxes: 'annotations' };
    assert.equal(await commands.executeCommand('uniOod.scanFolder', folder, answers), undefined);
  });
});
