import { afterAll, expect, it } from 'vitest';
import { CommandLine } from './commandLine';

const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

/** One that onnxruntime has on other platforms only. */
const foreign = process.platform === 'win32' ? 'coreml' : 'dml';

it('says once in the report why an accelerator was left for the processor, and nothing where none was wanted', async () => {
  const folder = commandLine.samples('device', ['cat.png']);
  const scan = ['scan', folder, '--classes', 'cat,dog'];
  const left = await commandLine.run(...scan, '--device', foreign);
  expect(left.status).toBe(0);
  expect(left.words.match(/The image tower runs on the processor/g)).toHaveLength(1);
  expect(left.words).toContain(`The image tower runs on the processor: ${foreign} cannot be used`);
  expect((await commandLine.run(...scan, '--device', foreign, '--quiet')).words).toBe('');
  expect((await commandLine.run(...scan)).words).not.toContain('processor');
});
