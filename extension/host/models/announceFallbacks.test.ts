import { Emitter } from 'vscode-jsonrpc';
import { beforeEach, expect, it, vi } from 'vitest';
import type { DeviceFallback } from '../../protocol/device';

const said: string[] = [];
const executed: unknown[][] = [];
let press: string | undefined;
vi.mock('vscode', () => ({
  commands: { executeCommand: (...command: unknown[]) => executed.push(command) },
  l10n: {
    t: (text: string, ...values: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, at) => String(values[Number(at)])),
  },
  window: {
    showWarningMessage: (sentence: string) => {
      said.push(sentence);
      return Promise.resolve(press);
    },
  },
  workspace: {},
}));
const { announceFallbacks } = await import('./announceFallbacks');

const fallback: DeviceFallback = {
  model: 'micro-v4',
  wanted: 'dml',
  sentence: 'The image tower runs on the processor: dml cannot be used (no such device).',
};
let engine: Emitter<DeviceFallback>;

beforeEach(() => {
  said.length = executed.length = 0;
  press = undefined;
  engine = new Emitter();
});

it('says once a model and device that the processor is used, however often it is loaded', () => {
  announceFallbacks({ onDeviceFellBack: engine.event });
  engine.fire(fallback);
  engine.fire({ ...fallback, sentence: 'The image tower runs on the processor: dml ran out of memory.' });
  expect(said).toEqual([`Model micro-v4 is slower than was asked for. ${fallback.sentence}`]);
  engine.fire({ ...fallback, model: 'clip' });
  engine.fire({ ...fallback, wanted: 'webgpu' });
  expect(said).toHaveLength(3);
});

it('leads to the setting and to the log', async () => {
  announceFallbacks({ onDeviceFellBack: engine.event });
  press = 'Choose Device';
  engine.fire(fallback);
  await expect.poll(() => executed).toEqual([['workbench.action.openSettings', '@id:uniOod.device']]);
  press = 'Show Log';
  engine.fire({ ...fallback, model: 'clip' });
  await expect.poll(() => executed.at(-1)).toEqual(['uniOod.showLog']);
});
