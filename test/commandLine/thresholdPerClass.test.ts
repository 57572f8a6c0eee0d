import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../extension/protocol/results';
import { CommandLine, type Ended } from './commandLine';

const commandLine = new CommandLine();
afterAll(() => commandLine.dispose());

describe('uni-ood scan --threshold-per-class', () => {
  let folder: string;
  const scan = async (...options: string[]): Promise<{ results: Results; ended: Ended }> => {
    const output = join(commandLine.place, 'results.json');
    const ended = await commandLine.run(
      ...['scan', folder, '--classes', 'voc', '--boxes', 'annotations', '--output', output],
      ...options,
    );
    expect(ended.status, ended.words).toBe(0);
    return { results: JSON.parse(readFileSync(output, 'utf8')) as Results, ended };
  };
  const common = (results: Results): void => {
    expect(results.threshold.classes).toEqual([]);
    expect(results.objects.every(({ threshold }) => threshold === results.threshold.value)).toBe(true);
  };

  beforeAll(() => {
    folder = commandLine.samples('many', ['astronaut.jpg', 'cat.png']);
    // The cat is boxed often, each time a little further to the right; the astronaut a few times.
    const boxes = (image: number, count: number, [x, y, width, height]: number[]) =>
      Array.from({ length: count }, (_, at) => ({
        ...{ image_id: image, category_id: image },
        bbox: [x + at, y, width - at, height],
      }));
    const annotations = [...boxes(1, 8, [51, 26, 358, 461]), ...boxes(2, 36, [90, 15, 270, 270])];
    writeFileSync(
      join(folder, 'annotations.json'),
      JSON.stringify({
        images: [
          { id: 1, file_name: 'astronaut.jpg', width: 512, height: 512 },
          { id: 2, file_name: 'cat.png', width: 451, height: 300 },
        ],
        categories: [
          { id: 1, name: 'person' },
          { id: 2, name: 'cat' },
        ],
        annotations: annotations.map((annotation, at) => ({ id: at + 1, ...annotation })),
      }),
    );
  });

  it('flags by one threshold until it is asked for', async () => {
    common((await scan()).results);
  });

  it('holds objects against that of their class where it has thirty, tells it, and keeps to it', async () => {
    const { results, ended } = await scan('--threshold-per-class');
    const counts = new Map<string, number>();
    for (const { predictedClass } of results.objects)
      counts.set(predictedClass, (counts.get(predictedClass) ?? 0) + 1);
    const large = results.classes.filter((name) => (counts.get(name) ?? 0) >= 30);
    expect(large.length).toBeGreaterThan(0);
    expect(results.threshold.classes?.map(({ class: name, objects }) => [name, objects])).toEqual(
      large.map((name) => [name, counts.get(name)]),
    );
    const own = new Map(results.threshold.classes?.map(({ class: name, value }) => [name, value]));
    for (const { predictedClass, threshold, score, flagged } of results.objects) {
      expect(threshold).toBe(own.get(predictedClass) ?? results.threshold.value);
      expect(flagged).toBe(score < threshold!);
    }
    for (const name of large) {
      expect(ended.words).toContain(
        `${name}: ${own.get(name)!.toFixed(3)} (${counts.get(name)} calibration objects)`,
      );
      const kept = results.objects.filter((object) => object.predictedClass === name && !object.flagged);
      expect(kept.length / counts.get(name)!).toBeGreaterThanOrEqual(0.95);
    }
    const again = await scan();
    expect(again.results.threshold).toEqual(results.threshold);
  });

  it('moves all of them with δ, and is taken back', async () => {
    const before = (await scan()).results;
    const { results } = await scan('--threshold', '0.5');
    results.threshold.classes!.forEach(({ value }, at) =>
      expect(value - 0.5).toBeCloseTo(before.threshold.classes![at].value - before.threshold.value, 9),
    );
    common((await scan('--threshold', 'auto', '--no-threshold-per-class')).results);
  });
});
