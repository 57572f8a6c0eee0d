import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, extensions, Uri } from 'vscode';
import type { ExtensionApi } from '../../extension/host/activate';
import type { ScanSummary } from '../../extension/protocol/scan';
import { copySamples } from '../vscode/samples.mjs';

export const extensionId = 'uni-ood.uni-ood';

/** The folder of the extension under test. */
export function extensionFolder(): string {
  const extension = extensions.getExtension(extensionId);
  assert.ok(extension, `The extension ${extensionId} is not installed in this VS Code.`);
  return extension.extensionPath;
}

export async function activeExtension(): Promise<ExtensionApi> {
  const extension = extensions.getExtension<ExtensionApi>(extensionId);
  assert.ok(extension, `The extension ${extensionId} is not installed in this VS Code.`);
  return extension.activate();
}

/** A copy of the sample photos in a folder of its own, so that scans of other tests are not seen. */
export function copyOfSamples(times = 1): Uri {
  const root = mkdtempSync(join(tmpdir(), 'uni-ood-host-'));
  for (let copy = 0; copy < times; copy++) {
    const folder = times === 1 ? join(root, 'samples') : join(root, 'samples', `copy-${copy}`);
    copySamples(extensionFolder(), folder);
  }
  return Uri.file(join(root, 'samples'));
}

export function removeCopy(folder: Uri): void {
  rmSync(join(folder.fsPath, '..'), { recursive: true, force: true, maxRetries: 5 });
}

/** Scans through the command that the Explorer's menu runs. */
export async function scan(folder: Uri, classes: string[] | string, boxes?: string): Promise<ScanSummary> {
  const answers = { classes, boxes };
  const summaries = await commands.executeCommand<ScanSummary[]>('uniOod.scanFolder', folder, answers);
  assert.equal(summaries?.length, 1, 'the scan did not finish');
  return summaries[0];
}

/** Scans with the command line, as another window or a script would. */
export function scanOnCommandLine(folder: Uri, classes: string[]): void {
  const program = join(extensionFolder(), 'dist', 'cli.js');
  const flags = ['scan', folder.fsPath, '--classes', classes.join(','), '--quiet'];
  const { status, stderr } = spawnSync(process.execPath, [program, ...flags], {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  assert.equal(status, 0, stderr);
}

/** A scan as the extension knows it now; scans of two folders may carry the same id. */
export async function known({ reference }: Pick<ScanSummary, 'reference'>): Promise<ScanSummary | undefined> {
  const { folder, scanId } = reference;
  return (await activeExtension())
    .scans()
    .find((scan) => scan.reference.folder === folder && scan.reference.scanId === scanId);
}

/** Resolves with the first value of `look` that is neither undefined, null nor false. */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  milliseconds = 10_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > end) assert.fail(`waited ${milliseconds} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
