/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, extensions } from 'vscode';
import { activeExtension, extensionFolder, extensionId } from './extension';

interface Manifest {
  contributes: { commands: { command: string; title: string; category: string }[] };
}

const nativePackages = /onnxruntime|[\\/]sharp|@img|libsql/;

describe('activation', () => {
  it('takes less than 50 ms and starts no engine', async () => {
    const api = await activeExtension();
    assert.ok(api.activationMilliseconds < 50, `activation took ${api.activationMilliseconds} ms`);
    assert.equal(api.engine(), null);
  });

  it('loads nothing native into the extension host', async () => {
    await activeExtension();
    const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
    assert.ok(sharedObjects.length > 0, 'the report names no shared objects');
    assert.deepEqual(
      sharedObjects.filter((path) => nativePackages.test(path)),
      [],
    );
  });

  it('registers every command that package.json names, in category UNI-OOD', async () => {
    await activeExtension();
    const manifest = JSON.parse(readFileSync(join(extensionFolder(), 'package.json'), 'utf8')) as Manifest;
    const known = await commands.getCommands(true);
    const named = manifest.contributes.commands;
    assert.deepEqual(
      named.map(({ command }) => command).filter((command) => !known.includes(command)),
      [],
    );
    assert.ok(named.every(({ category }) => category === 'UNI-OOD'));
  });

  it('has its texts from package.nls.json', () => {
    const { contributes } = extensions.getExtension(extensionId)!.packageJSON as Manifest;
    const scanFolder = contributes.commands.find(({ command }) => command === 'uniOod.scanFolder')!;
    // Where VS Code is not in English, it gives a title in both languages.
    assert.match(JSON.stringify(scanFolder.title), /"Scan Folder/);
    assert.doesNotMatch(JSON.stringify(contributes), /"%[^"%]+%"/);
  });

  it('registers no command that package.json does not name', async () => {
    await activeExtension();
    const manifest = JSON.parse(readFileSync(join(extensionFolder(), 'package.json'), 'utf8')) as Manifest;
    const named = new Set(manifest.contributes.commands.map(({ command }) => command));
    // VS Code adds commands of its own for each view: focus, open, resetViewLocation, …
    const views = /^uniOod\.(scans|review)\./;
    const registered = (await commands.getCommands(true)).filter(
      (command) => command.startsWith('uniOod.') && !views.test(command),
    );
    assert.deepEqual(
      registered.filter((command) => !named.has(command)),
      [],
    );
  });
});
