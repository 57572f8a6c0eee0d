import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Decision, ResultObject, Results } from '../../protocol/results';
import { inDistribution } from './inDistribution';
import { writeYolo } from './writeYolo';
import { yoloDataset } from './yolo';

const classes = ['no', 'dog'];

function object(id: string, given: Partial<ResultObject> = {}): ResultObject {
  const bbox: ResultObject['bbox'] = [10, 20, 50, 40];
  const usual = { id, image: 'a.jpg', bbox, flagged: false, predictedClass: 'dog', decision: null };
  return { ...usual, ...given } as ResultObject;
}

const judged = (verdict: Decision['verdict'], name?: string): Decision => ({
  verdict,
  class: name,
  at: '2026-01-01T00:00:00Z',
});

function results(objects: readonly ResultObject[], ...files: string[]): Results {
  const images = files.map((file) => ({ file, width: 100, height: 200, sha256: '' }));
  return { generator: 'uni-ood 0', classes, objects, images } as unknown as Results;
}

describe('what a detector may be trained on', () => {
  it('is what is not flagged, as the verdicts have it', () => {
    const objects = [
      object('kept'),
      object('flagged', { flagged: true }),
      object('flagged, judged in', { flagged: true, decision: judged('id') }),
      object('judged in as another', { decision: judged('id', 'no') }),
      object('judged in as what the scan does not know', { decision: judged('id', 'bird') }),
      object('judged out', { decision: judged('ood') }),
      object('judged out by a class name', { decision: judged('ood', 'dog') }),
      object('ignored', { decision: judged('ignored') }),
    ];
    expect(
      inDistribution({ classes, objects }).map(({ object: { id }, classIndex }) => [id, classIndex]),
    ).toEqual([
      ['kept', 1],
      ['flagged, judged in', 1],
      ['judged in as another', 0],
    ]);
  });
});

describe('YOLO labels', () => {
  it('lie as their images do, with shares of the image, and are empty without objects', () => {
    const objects = [object('1'), object('2', { image: 'b/c.d.png', flagged: true })];
    const { labels, description, objects: count } = yoloDataset(results(objects, 'a.jpg', 'b/c.d.png'));
    expect([...labels]).toEqual([
      ['a.txt', '1 0.35 0.2 0.5 0.2\n'],
      ['b/c.d.txt', ''],
    ]);
    expect(count).toBe(1);
    expect(description).toContain('\n  0: "no"\n'); // a number, and no boolean
    expect(parse(description, { version: '1.1' })).toMatchObject({ names: { 0: 'no', 1: 'dog' } });
  });

  it('stand beside a folder of images, where that holds all of them', () => {
    const paths = (...files: string[]) => [...yoloDataset(results([], ...files)).labels.keys()];
    expect(paths('images/train/a.jpg', 'images/b.jpg')).toEqual(['train/a.txt', 'b.txt']);
    expect(paths('images/a.jpg', 'b.jpg')).toEqual(['images/a.txt', 'b.txt']);
  });

  it('are refused where two images would share them', () => {
    expect(() => yoloDataset(results([], 'x/a.jpg', 'x/a.png'))).toThrow(
      /x\/a\.jpg and x\/a\.png would share/,
    );
  });
});

describe('a folder for YOLO labels', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'yolo-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const some = results([object('1')], 'a.jpg');

  it('may be there or not, and then holds labels and data.yaml and no more', async () => {
    mkdirSync(join(folder, 'labels'));
    for (const place of [folder, join(folder, 'new/one')]) {
      expect(await writeYolo(place, some)).toBe(1);
      expect(readFileSync(join(place, 'labels/a.txt'), 'utf8')).toMatch(/^1 /);
      expect(readdirSync(place).filter((name) => name !== 'new')).toEqual(['data.yaml', 'labels']);
    }
  });

  it.each(['labels/other.txt', 'data.yaml', 'a.txt', 'images/a.txt'])('is refused with %s', async (name) => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), 'before');
    const before = readdirSync(folder, { recursive: true });
    await expect(writeYolo(folder, some)).rejects.toThrow(/has labels already \(.*Choose another folder/);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
    expect(readFileSync(join(folder, name), 'utf8')).toBe('before');
  });

  it('that cannot be made is told of', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(writeYolo(join(folder, 'file'), some)).rejects.toThrow(/file could not be written/);
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
