import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Accelerator } from '../../protocol/device';
import { ImageTower, type ImageTowerFacts, type TowerPasses } from '../../towers/imageTower';
import { openOnDevice } from './openOnDevice';

const facts: ImageTowerFacts = {
  layers: 1,
  tokens: 2,
  grid: [1, 1],
  width: 2,
  dimension: 2,
  mixesBatch: false,
};

class FakeTower {
  readonly facts = facts;
  isDisposed = false;
  constructor(
    private readonly projected: number[],
    private readonly attention: number[] = [0.5, 0.5],
    private readonly milliseconds = 0,
  ) {}
  async run(): Promise<TowerPasses> {
    await new Promise((resolve) => setTimeout(resolve, this.milliseconds));
    const pass = {
      tokens: new Float32Array(4),
      projected: Float32Array.from(this.projected),
      attention: Float32Array.from(this.attention),
    };
    return { target: pass, background: pass, photo: null };
  }
  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

const same = [1, 0, 0, 1];
const processor = (): FakeTower => new FakeTower(same, [0.5, 0.5], 30);

function opener(towers: Record<string, FakeTower | Error>): (device: string) => Promise<FakeTower> {
  return (device) => {
    const tower = towers[device];
    return tower instanceof Error ? Promise.reject(tower) : Promise.resolve(tower);
  };
}

describe('an image tower on an accelerator', () => {
  it('is used where it computes the same', async () => {
    const [cpu, dml] = [processor(), new FakeTower(same)];
    const placed = await openOnDevice(opener({ cpu, dml }), 4, 'dml');
    expect(placed).toEqual({ tower: dml, device: 'dml', fallback: null });
    expect([cpu.isDisposed, dml.isDisposed]).toEqual([true, false]);
  });

  it.each([
    ['other tokens', new FakeTower([1, 0.1, 0, 1]), /dml gives other tokens than it does \(cosine 0\.99/],
    ['no numbers', new FakeTower([NaN, 0, 0, 1]), /other tokens .*NaN/],
    ['other attention', new FakeTower(same, [0.6, 0.4]), /other attention .*0\.1000 apart/],
  ])('gives way to the processor, and says so, where it gives %s', async (_, dml, words) => {
    const cpu = processor();
    const placed = await openOnDevice(opener({ cpu, dml }), 4, 'dml');
    expect(placed).toMatchObject({
      tower: cpu,
      device: 'cpu',
      fallback: expect.stringMatching(words) as string,
    });
    expect([cpu.isDisposed, dml.isDisposed]).toEqual([false, true]);
  });

  it('gives way where it does not open, which is said where it was asked for', async () => {
    const cpu = processor();
    const open = opener({
      cpu,
      webgpu: new Error('/onnxruntime_src/a.cc:1 f() ok was false. no adapter\nat somewhere'),
    });
    expect((await openOnDevice(open, 4, 'webgpu')).fallback).toBe(
      'The image tower runs on the processor: webgpu cannot be used (no adapter).',
    );
    expect(await openOnDevice(open, 4, 'auto', ['webgpu'])).toEqual({
      tower: cpu,
      device: 'cpu',
      fallback: null,
    });
  });

  it('is chosen by itself only where it is faster', async () => {
    const slow = new FakeTower(same, [0.5, 0.5], 120);
    const offered: Accelerator[] = ['dml', 'webgpu'];
    const placed = await openOnDevice(
      opener({ cpu: processor(), dml: slow, webgpu: new FakeTower(same) }),
      4,
      'auto',
      offered,
    );
    expect(placed.device).toBe('webgpu');
    expect(slow.isDisposed).toBe(true);
  });

  it('that this machine may lack leaves a tower that works', async () => {
    const model = readFileSync(
      join(__dirname, '../../../test/fixtures/models/clip-tiny/onnx/vision_model.onnx'),
    );
    const open = (provider: Accelerator | 'cpu'): Promise<ImageTower> =>
      ImageTower.load(model, 64, { threads: 1, provider });
    const { tower, device, fallback } = await openOnDevice(open, 64, 'coreml');
    expect(device === 'cpu').toBe(fallback !== null);
    const { target } = await tower.run(new Float32Array(6 * 64 * 64));
    expect(target.attention.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 3);
    await tower.dispose();
  });
});
