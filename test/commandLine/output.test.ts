import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../extension/protocol/results';
import { CommandLine, ended } from './commandLine';

const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

describe('what a command writes', () => {
  let folder: string;
  const place = (name: string): string => join(commandLine.place, name);

  beforeAll(async () => {
    folder = commandLine.samples('written', [
      'cat.png',
      'coffee.jpg',
      'coins.png',
      'galaxies.jpg',
      'boats.jpg',
      'temple.jpg',
      'astronaut.jpg',
    ]);
    // Names as long as this make results larger than a pipe holds.
    const names = Array.from(
      { length: 100 },
      (_, at) => `kind ${at} ${'of a thing with a long name '.repeat(20)}`,
    );
    writeFileSync(place('long.txt'), names.join('\n'));
    const { status, words } = await commandLine.run(
      'scan',
      folder,
      '--classes',
      place('long.txt'),
      '--quiet',
    );
    expect(status, words).toBe(0);
  });

  it('reaches a reader that is slower than a pipe holds', async () => {
    const child = commandLine.start(['export', folder]);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const { status, output } = await ended(child);
    expect(status).toBe(0);
    expect(output.length).toBeGreaterThan(2 ** 17); // more than the pipe and the stream hold together
    expect((JSON.parse(output) as Results).objects.length).toBeGreaterThan(0);
  });

  it('goes to the file a link leads to, and the link stays', async () => {
    writeFileSync(place('real.csv'), 'before');
    symlinkSync('real.csv', place('link.csv'));
    const { status } = await commandLine.run('export', folder, '--format', 'csv', '--output', 'link.csv');
    expect(status).toBe(0);
    expect(lstatSync(place('link.csv')).isSymbolicLink()).toBe(true);
    expect(readFileSync(place('real.csv'), 'utf8')).toContain('cat.png');
  });

  it.skipIf(process.platform === 'win32')('leaves a device what it is', async () => {
    symlinkSync('/dev/null', place('device'));
    const { status } = await commandLine.run('export', folder, '--output', 'device');
    expect(status).toBe(0);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('is explained on standard output too', async () => {
    const { status, output, words } = await commandLine.run(
      'scan',
      folder,
      '--classes',
      place('long.txt'),
      '--explain',
      '-',
      '--quiet',
    );
    expect(status).toBe(0);
    expect(words).toBe('');
    const lines = output.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(11); // as many listeners as Node takes for a leak
    expect(lines.map((line) => typeof (JSON.parse(line) as { id: unknown }).id)).toEqual(
      lines.map(() => 'string'),
    );
  });

  it.each([
    [
      'a folder that is not there',
      ['--output', 'nowhere/results.json'],
      /The folder .*nowhere does not exist/,
    ],
    ['a folder', ['--output', 'taken'], /taken is a folder; name a file/],
    ['nothing', ['--boxes', ''], /It is empty/],
  ])('is refused before the scan for %s', async (_, flags, words) => {
    mkdirSync(place('taken'), { recursive: true });
    const ended = await commandLine.run('scan', folder, '--classes', 'voc', ...flags);
    expect(ended.status).toBe(2);
    expect(ended.words).toMatch(words);
  });

  it('is refused for one file named twice', async () => {
    const twice = ['--output', 'both.json', '--explain', 'both.json'];
    const { status, words } = await commandLine.run('scan', folder, '--classes', 'voc', ...twice);
    expect(status).toBe(2);
    expect(words).toMatch(/name the same file, both\.json/);
  });
});

describe('a folder to scan', () => {
  it('that is a file is told apart from one that is not there', async () => {
    writeFileSync(join(commandLine.place, 'a-file'), '');
    const file = await commandLine.run('scan', 'a-file', '--classes', 'voc');
    expect(file.words).toMatch(/a-file is a file\. Name the folder it lies in/);
    const unset = await commandLine.run('scan', '', '--classes', 'voc');
    expect(unset.status).toBe(2);
  });
});
