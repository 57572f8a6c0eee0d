import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'libsql';
import { afterAll, describe, expect, it } from 'vitest';
import type { Results } from '../../extension/protocol/results';
import { CommandLine, ended } from './commandLine';

const isRoot = process.getuid?.() === 0;
/** Mount namespaces, with which a small disk and a read-only one can be had without being asked for a password. */
const namespaces = spawnSync('unshare', ['-rm', 'true']).status === 0;
const photos = [
  'airplane.jpg',
  'astronaut.jpg',
  'cat.png',
  'coffee.jpg',
  'coins.png',
  'galaxies.jpg',
  'raccoon.jpg',
];
const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

const scores = ({ objects }: Results): unknown[] => objects.map(({ id, score }) => ({ id, score }));

/** Results as they are stored, without a model. */
async function stored(folder: string): Promise<Results> {
  const { status, words, output } = await commandLine.run('export', folder, '--only', 'all', '--output', '-');
  if (status !== 0) throw new Error(words);
  return JSON.parse(output) as Results;
}

const databaseOf = (folder: string): string => join(folder, '.uni-ood/uni-ood.sqlite');

/** Waits until a running scan has finished so many images. */
async function untilFinished(images: number, folder: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && finishedImages(databaseOf(folder)) < images) await setTimeout(5);
}

function finishedImages(database: string): number {
  if (!existsSync(database)) return 0;
  const connection = new Database(database);
  try {
    return (connection.prepare('SELECT count(*) AS images FROM image').get() as { images: number }).images;
  } catch {
    return 0; // its tables are being made
  } finally {
    connection.close();
  }
}

describe('a scan that is killed', () => {
  it('goes on where it was, whenever that was, with the same results', async () => {
    const whole = await commandLine.results(commandLine.samples('whole', photos), '--classes', 'voc');
    const folder = commandLine.samples('killed', photos);
    for (const milliseconds of [250, 500]) {
      const child = commandLine.start(['scan', folder, '--classes', 'voc']);
      await setTimeout(milliseconds);
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    for (const images of [1, 2, 4]) {
      const child = commandLine.start(['scan', folder, '--classes', 'voc']);
      await untilFinished(images, folder, child);
      child.kill('SIGKILL');
      const [, signal] = (await once(child, 'close')) as [number | null, string | null];
      expect(signal).toBe('SIGKILL');
      expect((await stored(folder)).images.length).toBeGreaterThanOrEqual(images);
    }
    const continued = await commandLine.results(folder, '--classes', 'voc');
    expect(scores(continued)).toEqual(scores(whole));
    expect(continued.unreadable).toEqual([]);
  });

  it('passes over no file for having been cancelled', async () => {
    const folder = commandLine.samples('cancelled', photos);
    for (let round = 0; round < 3; round++) {
      const child = commandLine.start(['scan', folder, '--classes', 'voc']);
      const whole = ended(child);
      await untilFinished(finishedImages(databaseOf(folder)) + 1, folder, child);
      child.kill('SIGINT');
      const { status, words } = await whole;
      expect(status).toBe(130);
      expect(words).toMatch(/Cancelled\. What was finished is kept; the same command continues\./);
    }
    const { unreadable, images } = await commandLine.results(folder, '--classes', 'voc');
    expect(unreadable).toEqual([]);
    expect(images).toHaveLength(photos.length);
  });
});

describe('two scans of one folder at once', () => {
  it('are refused where the settings are the same, and nothing is lost', async () => {
    const folder = commandLine.samples('twice', photos);
    for (let copy = 0; copy < 4; copy++) commandLine.samples(`twice/${copy}`, photos);
    const first = commandLine.start(['scan', folder, '--classes', 'voc', '--output', '-']);
    const firstEnded = ended(first);
    await untilFinished(1, folder, first);
    const [second, other] = await Promise.all([
      commandLine.run('scan', folder, '--classes', 'voc'),
      commandLine.run('scan', folder, '--classes', 'coco'),
    ]);
    expect(second.status).toBe(1);
    expect(second.words).toMatch(/is being scanned with the same settings by another window or command/);
    expect(other.status).toBe(0);
    const { status, output } = await firstEnded;
    expect(status).toBe(0);
    expect((JSON.parse(output) as Results).images).toHaveLength(5 * photos.length);
  });
});

describe('a folder that cannot be written to', () => {
  const scanned = async (folder: string, under: readonly string[]): Promise<void> => {
    const first = await commandLine.runUnder(under, 'scan', folder, '--classes', 'voc', '--output', '-');
    expect(first.words).not.toMatch(/error/i);
    expect(first.status).toBe(0);
    expect((JSON.parse(first.output) as Results).objects).not.toHaveLength(0);
    const second = await commandLine.runUnder(under, 'export', folder, '--only', 'all', '--output', '-');
    expect(second.status).toBe(0);
  };

  it.skipIf(isRoot)('is scanned all the same; its state lies elsewhere', async () => {
    const folder = commandLine.samples('read-only', ['cat.png']);
    chmodSync(folder, 0o555);
    await scanned(folder, ['env']);
    expect(readdirSync(folder)).toEqual(['cat.png']);
    chmodSync(folder, 0o755);
  });

  it.skipIf(!namespaces)('is scanned all the same when its disk is read-only', async () => {
    const folder = commandLine.samples('read-only-disk', ['cat.png']);
    const mount = `mount --bind "${folder}" "${folder}" && mount -o remount,bind,ro "${folder}" && exec "$@"`;
    await scanned(folder, ['unshare', '-rm', 'sh', '-c', mount, 'sh']);
    expect(existsSync(join(folder, '.uni-ood'))).toBe(false);
  });
});

describe.skipIf(!namespaces)('a disk that becomes full', () => {
  it('is said in a sentence, and what was finished is kept', async () => {
    const folder = commandLine.samples('full', photos);
    mkdirSync(join(folder, '.uni-ood'));
    const kept = join(commandLine.place, 'kept');
    const small = `mount -t tmpfs -o size=300k t "${folder}/.uni-ood" && { "$@"; status=$?; cp -r "${folder}/.uni-ood" "${kept}"; exit $status; }`;
    const under = ['unshare', '-rm', 'sh', '-c', small, 'sh'];
    const { status, words } = await commandLine.runUnder(under, 'scan', folder, '--classes', 'voc');
    expect(status).toBe(1);
    expect(words).toMatch(
      /The disk is full: .*\.uni-ood\. Free some space and scan again; what was finished is kept/,
    );
    expect(words).not.toMatch(/at .*\.js:\d+/);
    rmSync(join(folder, '.uni-ood'), { recursive: true });
    cpSync(kept, join(folder, '.uni-ood'), { recursive: true });
    const finished = (await stored(folder)).images.length;
    expect(finished).toBeGreaterThan(0);
    expect(finished).toBeLessThan(photos.length);
  });

  it('does not leave half a results file', async () => {
    const folder = commandLine.samples('output', ['cat.png']);
    const small = join(commandLine.place, 'small');
    mkdirSync(small);
    const mount = `mount -t tmpfs -o size=4k t "${small}" && { "$@"; status=$?; ls -A "${small}"; exit $status; }`;
    const under = ['unshare', '-rm', 'sh', '-c', mount, 'sh'];
    const target = join(small, 'results.json');
    const { status, words, output } = await commandLine.runUnder(
      under,
      ...['scan', folder, '--classes', 'coco', '--output', target],
    );
    expect(status).toBe(1);
    expect(words).toContain(`${target} could not be written: the disk is full. Choose another place.`);
    expect(output).toBe('');
  });
});
