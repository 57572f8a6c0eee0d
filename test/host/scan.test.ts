/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, ConfigurationTarget, Uri, workspace } from 'vscode';
import { resultsSchema } from '../../extension/protocol/results';
import type { ScanSummary } from '../../extension/protocol/scan';
import * as z from 'zod/mini';
import {
  activeExtension,
  copyOfSamples,
  eventually,
  known,
  removeCopy,
  scan,
  scanOnCommandLine,
} from './extension';

const classes = ['cat', 'cup', 'motorbike'];

describe('scanning a folder', () => {
  let folder: Uri;
  let summary: ScanSummary;

  before(async function () {
    this.timeout(120_000);
    folder = copyOfSamples();
    summary = await scan(folder, classes);
  });
  after(() => removeCopy(folder));

  it('finishes with objects of every image', () => {
    assert.equal(summary.state, 'finished');
    assert.deepEqual(summary.classes, classes);
    assert.ok(summary.images.total >= 12, `${summary.images.total} images`);
    assert.equal(summary.images.done, summary.images.total);
    assert.ok(summary.objects >= summary.images.total - summary.images.unreadable);
    assert.ok(existsSync(join(folder.fsPath, '.uni-ood')));
  });

  it('lists the flagged objects in the tree, most suspicious first', async () => {
    const { scansTree } = await activeExtension();
    const [node] = (await scansTree.getChildren()).filter(
      ({ reference }) => reference.folder === folder.fsPath,
    );
    assert.equal(node.kind, 'scan');
    const item = scansTree.getTreeItem(node);
    assert.equal(item.label, 'samples');
    assert.equal(item.contextValue, 'scan.finished');
    assert.match(String(item.description), new RegExp(`^${summary.flagged} flagged`));
    const objects = (await scansTree.getChildren(node)).filter((child) => child.kind === 'object');
    assert.equal(objects.length, Math.min(200, summary.flagged));
    const scores = objects.map(({ object }) => object.score);
    assert.deepEqual(
      scores,
      [...scores].sort((a, b) => a - b),
    );
    assert.ok(scores.every((score) => score < summary.threshold.value));
  });

  it('flags more objects when δ rises, without a scan', async () => {
    const api = await activeExtension();
    await commands.executeCommand('uniOod.setThreshold', summary.reference, 1000);
    const after = await known(summary);
    assert.equal(after?.flagged, summary.objects);
    assert.equal(after.threshold.source, 'user');
    const children = await api.scansTree.getChildren({ kind: 'scan', reference: summary.reference });
    assert.equal(children.filter(({ kind }) => kind === 'object').length, Math.min(200, summary.objects));
    await commands.executeCommand('uniOod.resetThreshold', summary.reference);
    const reset = await known(summary);
    assert.equal(reset?.flagged, summary.flagged);
  });

  it('exports a results file that fits the schema', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'uni-ood-export-'));
    const output = join(directory, 'all.json');
    await commands.executeCommand('uniOod.exportResults', summary.reference, { only: 'all', output });
    const results = z.parse(resultsSchema, JSON.parse(readFileSync(output, 'utf8')));
    assert.equal(results.objects.length, summary.objects);
    assert.equal(results.objects.filter(({ flagged }) => flagged).length, summary.flagged);
    rmSync(directory, { recursive: true });
  });

  it('exports in the format that is asked for', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'uni-ood-export-'));
    const output = join(directory, 'all.csv');
    const answers = { format: 'csv', only: 'all', output };
    await commands.executeCommand('uniOod.exportResults', summary.reference, answers);
    const lines = readFileSync(output, 'utf8').trimEnd().split('\r\n');
    assert.match(lines[0], /^id,image,x,y/);
    assert.equal(lines.length - 1, summary.objects);
    rmSync(directory, { recursive: true });
  });

  it('exports YOLO labels of what is not flagged, and no second time into one folder', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'uni-ood-export-'));
    const answers = { format: 'yolo', only: 'all', output: join(directory, 'yolo') };
    const exportTo = () => commands.executeCommand('uniOod.exportResults', summary.reference, answers);
    assert.deepEqual(await exportTo(), {
      objects: summary.objects - summary.flagged,
      output: answers.output,
    });
    assert.ok(existsSync(join(answers.output, 'labels/cat.txt')));
    assert.match(readFileSync(join(answers.output, 'data.yaml'), 'utf8'), /0: "cat"/);
    assert.equal(await exportTo(), undefined);
    rmSync(directory, { recursive: true });
  });

  it('scans a folder again without scanning its images again', async function () {
    this.timeout(60_000);
    const begin = Date.now();
    const again = await scan(folder, classes);
    assert.equal(again.reference.scanId, summary.reference.scanId);
    assert.equal(again.objects, summary.objects);
    assert.ok(Date.now() - begin < 30_000);
  });

  it('goes on with a scan as it was begun, whatever the settings say by now', async function () {
    this.timeout(60_000);
    const settings = workspace.getConfiguration('uniOod');
    try {
      await settings.update('fast', true, ConfigurationTarget.Global);
      await settings.update('prompts', 'single', ConfigurationTarget.Global);
      const again = await commands.executeCommand<ScanSummary>('uniOod.resumeScan', summary.reference);
      assert.deepEqual(again.reference, summary.reference);
    } finally {
      await settings.update('fast', undefined, ConfigurationTarget.Global);
      await settings.update('prompts', undefined, ConfigurationTarget.Global);
    }
  });

  it('sees a scan that the command line made in the workspace', async function () {
    this.timeout(120_000);
    const [workspaceFolder] = workspace.workspaceFolders ?? [];
    const photos = copyOfSamples();
    const inside = join(workspaceFolder.uri.fsPath, 'scanned-elsewhere');
    try {
      cpSync(photos.fsPath, inside, { recursive: true });
      scanOnCommandLine(Uri.file(inside), classes);
      const seen = await eventually(
        'the scan',
        async () => (await activeExtension()).scans().find(({ reference }) => reference.folder === inside),
        20_000,
      );
      assert.equal(seen.state, 'finished');
    } finally {
      removeCopy(photos);
      rmSync(inside, { recursive: true, force: true });
    }
  });

  it('scans the folders of a selection that can be scanned', async function () {
    this.timeout(60_000);
    const settings = workspace.getConfiguration('uniOod');
    await settings.update('classes', classes.join(','), ConfigurationTarget.Global);
    await settings.update('boxes', 'detector', ConfigurationTarget.Global);
    const empty = Uri.file(mkdtempSync(join(tmpdir(), 'uni-ood-empty-')));
    const summaries = await commands.executeCommand<ScanSummary[]>('uniOod.scanFolder', empty, [
      empty,
      folder,
    ]);
    assert.deepEqual(
      summaries.map(({ reference }) => reference.folder),
      [folder.fsPath],
    );
    rmSync(empty.fsPath, { recursive: true });
    await settings.update('classes', undefined, ConfigurationTarget.Global);
    await settings.update('boxes', undefined, ConfigurationTarget.Global);
  });

  it('carries the aliases of the settings to the scan, and refuses those of no class', async function () {
    this.timeout(120_000);
    const copy = copyOfSamples();
    const aliases = { motorbike: ['motorcycle', 'scooter'] };
    const settings = workspace.getConfiguration('uniOod');
    const directory = mkdtempSync(join(tmpdir(), 'uni-ood-aliases-'));
    const output = join(directory, 'all.json');
    try {
      await settings.update('classAliases', aliases, ConfigurationTarget.Global);
      const named = await scan(copy, classes);
      assert.notEqual(named.reference.scanId, summary.reference.scanId);
      await commands.executeCommand('uniOod.exportResults', named.reference, { only: 'all', output });
      const results = z.parse(resultsSchema, JSON.parse(readFileSync(output, 'utf8')));
      assert.deepEqual(results.configuration.method.aliases, aliases);
      await settings.update('classAliases', { sofa: ['couch'] }, ConfigurationTarget.Global);
      // A command shows why it failed, and gives nothing.
      assert.equal(await commands.executeCommand('uniOod.scanFolder', copy, { classes }), undefined);
    } finally {
      await settings.update('classAliases', undefined, ConfigurationTarget.Global);
      removeCopy(copy);
      rmSync(directory, { recursive: true });
    }
  });

  it('tells in the tooltip why an accelerator was left for the processor', async function () {
    this.timeout(120_000);
    const foreign = process.platform === 'win32' ? 'coreml' : 'dml';
    const copy = copyOfSamples();
    const settings = workspace.getConfiguration('uniOod');
    try {
      await settings.update('device', foreign, ConfigurationTarget.Global);
      const { reference, deviceFallback } = await scan(copy, classes);
      assert.match(deviceFallback ?? '', new RegExp(`on the processor: ${foreign} cannot be used`));
      const { scansTree } = await activeExtension();
      const { tooltip } = scansTree.getTreeItem({ kind: 'scan', reference });
      assert.match(typeof tooltip === 'string' ? tooltip : (tooltip?.value ?? ''), new RegExp(foreign));
    } finally {
      await settings.update('device', undefined, ConfigurationTarget.Global);
      removeCopy(copy);
    }
  });

  it('opens the review in an editor tab', async () => {
    const { window } = await import('vscode');
    await commands.executeCommand('uniOod.openReviewInEditor', summary.reference);
    await eventually('the tab', () =>
      window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label === 'Review: samples'),
    );
    await commands.executeCommand('workbench.action.closeActiveEditor');
  });
});
