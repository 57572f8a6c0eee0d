/// <reference types="mocha" />
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, ConfigurationTarget, workspace, type Uri } from 'vscode';
import { cutAfter, LocalHub } from '../hub/localHub';
import { copyOfSamples, extensionFolder, removeCopy, scan } from './extension';

const id = 'clip-vit-base-patch16';

describe('a model of the hub', () => {
  let hub: LocalHub;
  let folder: Uri;
  const cache = mkdtempSync(join(tmpdir(), 'uni-ood-models-'));
  const set = (name: string, value: string | undefined): Thenable<void> =>
    workspace.getConfiguration('uniOod').update(name, value, ConfigurationTarget.Global);

  before(async () => {
    hub = new LocalHub(join(extensionFolder(), 'test/fixtures/models'));
    await hub.start();
    folder = copyOfSamples();
    process.env.UNI_OOD_MODELS = cache; // the next engine's
    await set('modelSource', hub.endpoint);
    await commands.executeCommand('uniOod.restartEngine');
  });
  after(async () => {
    await set('model', undefined);
    await set('modelSource', undefined);
    delete process.env.UNI_OOD_MODELS;
    await commands.executeCommand('uniOod.restartEngine');
    await hub.stop();
    removeCopy(folder);
    rmSync(cache, { recursive: true, force: true });
  });

  it('is downloaded through an interruption, chosen, and scans', async function () {
    this.timeout(120_000);
    hub.fail('onnx/vision_model.onnx', cutAfter(40_000));
    assert.equal(await commands.executeCommand('uniOod.getModels', { id }), true);
    const ranges = hub.requests.filter(
      ({ path, port }) => path.endsWith('/onnx/vision_model.onnx') && port === 1,
    );
    assert.deepEqual(
      ranges.map(({ range }) => range),
      [undefined, 'bytes=40000-'],
    );
    await set('model', id);
    const summary = await scan(folder, ['cat', 'cup']);
    assert.equal(summary.state, 'finished');
    assert.equal(summary.model.id, id);
    assert.ok(summary.objects >= 14, `${summary.objects} objects`);
  });
});
