/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, window, workspace, type Uri } from 'vscode';
import type { EvaluationOutcome } from '../../extension/protocol/evaluationRun';
import type { ScanSummary } from '../../extension/protocol/scan';
import type { TuningOutcome } from '../../extension/protocol/tuning';
import { annotateSamples, swappedNames } from '../fixtures/annotatedSamples';
import { drawnCombiner } from '../fixtures/drawnCombiner';
import { activeExtension, copyOfSamples, eventually, extensionFolder, removeCopy, scan } from './extension';

const classes = ['person', 'cat', 'boat'];
const annotations = { boxes: 'annotations', reviewed: null };

describe('tuning, its combiners, and measuring', () => {
  let folder: Uri;
  const combiner = (): string | undefined =>
    workspace.getConfiguration('uniOod').get<string>('combiner') || undefined;
  const choose = (path: string | null): Thenable<unknown> =>
    commands.executeCommand('uniOod.chooseCombiner', { path });
  const tooltip = async (): Promise<string> => {
    const { scansTree } = await activeExtension();
    const [node] = (await scansTree.getChildren()).filter(
      ({ reference }) => reference.folder === folder.fsPath,
    );
    const item = scansTree.getTreeItem(node);
    return typeof item.tooltip === 'string' ? item.tooltip : (item.tooltip?.value ?? '');
  };

  before(() => {
    folder = copyOfSamples();
    annotateSamples(
      folder.fsPath,
      ['astronaut.jpg', 'photographer.jpg', 'cat.png', 'boats.jpg', 'raccoon.jpg'],
      4,
      swappedNames,
    );
  });
  after(async () => {
    await choose(null);
    removeCopy(folder);
  });

  it('tunes on annotations, says what it came to, and leaves a report with the curve', async function () {
    this.timeout(120_000);
    const outcome = await commands.executeCommand<TuningOutcome>('uniOod.tune', folder, {
      classes,
      labels: annotations,
      shots: 3,
    });
    assert.equal(outcome.tunedOn.objects, 9);
    assert.ok(outcome.worthUsing);
    assert.ok(existsSync(outcome.combiner!), 'the combiner');
    assert.ok(outcome.curves.some(({ points }) => points.some(({ loss }) => loss !== null)));
    const report = readFileSync(outcome.report, 'utf8');
    const [, plot] = /!\[Loss\]\((.+?)\)/.exec(report) ?? [];
    assert.ok(existsSync(join(outcome.report, '..', decodeURIComponent(plot))), plot);
    assert.ok(outcome.report.startsWith(join(folder.fsPath, '.uni-ood', 'combiners')));
  });

  it('scans with the combiner that was chosen, and the tree tells it', async function () {
    this.timeout(120_000);
    const plain = await scan(folder, classes);
    assert.equal(plain.combiner, null);
    assert.match(await tooltip(), /none/);
    const path = join(folder.fsPath, '.uni-ood', 'combiners', 'drawn.safetensors');
    await drawnCombiner(path, join(extensionFolder(), 'models/embedded'));
    assert.equal(await choose(path), path);
    assert.equal(combiner(), path);
    const tuned = await scan(folder, classes);
    assert.notEqual(tuned.reference.scanId, plain.reference.scanId);
    assert.equal(tuned.combiner?.folder, 'drawn');
    assert.match(await tooltip(), /4.*objects.*drawn/);
  });

  it('chooses none again, and a scan goes on with the combiner it was begun with', async () => {
    const [tuned] = (await activeExtension())
      .scans()
      .filter((summary) => summary.reference.folder === folder.fsPath && summary.combiner);
    await choose(null);
    assert.equal(combiner(), undefined);
    const resumed = await commands.executeCommand<ScanSummary>('uniOod.resumeScan', tuned.reference);
    assert.equal(resumed?.reference.scanId, tuned.reference.scanId);
  });

  it('measures, and opens the report', async function () {
    this.timeout(120_000);
    const outcome = await commands.executeCommand<EvaluationOutcome>('uniOod.evaluate', folder, { classes });
    assert.ok(
      outcome.methods.some(({ name }) => name === 'MCM'),
      JSON.stringify(outcome.methods),
    );
    assert.ok(outcome.methods.every(({ auroc }) => auroc >= 0 && auroc <= 1));
    assert.ok(existsSync(join(outcome.folder, 'report.json')));
    await eventually('the report', () =>
      window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => /report\.md/.test(label)),
    );
    await commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('takes no file that is not a combiner', async () => {
    assert.equal(await choose(join(folder.fsPath, 'annotations.json')), undefined);
    assert.equal(combiner(), undefined);
  });
});
