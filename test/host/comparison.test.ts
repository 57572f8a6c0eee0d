/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { commands, type Uri } from 'vscode';
import type { ScanReference, ScanSummary } from '../../extension/protocol/scan';
import { copyOfSamples, removeCopy, scan } from './extension';

type Compared = { shown: ScanReference; other: ScanReference } | undefined;

const compare = (given: ScanReference | Uri, other?: string): Thenable<Compared> =>
  commands.executeCommand('uniOod.compareScans', given, other === undefined ? undefined : { with: other });
const swap = (): Thenable<ScanReference | null> => commands.executeCommand('uniOod.swapComparison');

describe('comparing two scans of a folder', () => {
  let folder: Uri;
  let first: ScanSummary;
  let second: ScanSummary;

  before(async function () {
    this.timeout(120_000);
    folder = copyOfSamples();
    first = await scan(folder, ['cat', 'cup', 'motorbike']);
  });
  after(async () => {
    await commands.executeCommand('uniOod.leaveComparison');
    removeCopy(folder);
  });

  it('takes two scans', async () => {
    assert.equal(await compare(first.reference), undefined);
  });

  it('shows the given scan beside the only other one without a question', async function () {
    this.timeout(120_000);
    second = await scan(folder, ['giraffe', 'toaster']);
    assert.deepEqual(await compare(first.reference), { shown: first.reference, other: second.reference });
  });

  it('swaps the two, and no longer does once the comparison was left', async () => {
    await compare(first.reference, second.reference.scanId);
    assert.deepEqual(await swap(), second.reference);
    assert.deepEqual(await swap(), first.reference);
    await commands.executeCommand('uniOod.leaveComparison');
    assert.deepEqual(await swap(), first.reference);
  });

  it('shows nothing of a scan that is not there', async () => {
    assert.equal(await compare(first.reference, 'nonsense'), undefined);
    assert.equal(await compare(first.reference, first.reference.scanId), undefined);
  });
});
