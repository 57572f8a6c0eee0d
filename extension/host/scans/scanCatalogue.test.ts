import { Emitter } from 'vscode-jsonrpc';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { scanSummary } from '../../../test/fixtures/scanSummary';
import type { ScanReference, ScanSummary } from '../../protocol/scan';
import type { EngineClient } from '../engineProcess/engineClient';

vi.mock('vscode', () => ({
  EventEmitter: Emitter,
  Uri: { file: (path: string) => ({ toString: () => `file://${path}` }) },
  workspace: {},
}));

const { FolderMemory } = await import('../folderMemory');
const { ScanCatalogue } = await import('./scanCatalogue');

const scan = (folder: string, scanId: string): ScanSummary => scanSummary({ reference: { folder, scanId } });
const first = scan('/with a space', 'first');
const second = scan('/with a space', 'second');
const elsewhere = scan('/elsewhere', 'first');

let listed: ScanSummary[];
let kept: Map<string, unknown>;
let memory: InstanceType<typeof FolderMemory>;
let catalogue: InstanceType<typeof ScanCatalogue>;
beforeEach(async () => {
  listed = [first, second, elsewhere];
  kept = new Map();
  memory = new FolderMemory({
    get: (key: string, usual?: unknown) => kept.get(key) ?? usual,
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    keys: () => [...kept.keys()],
  } as ConstructorParameters<typeof FolderMemory>[0]);
  const engine = {
    onScanStarted: new Emitter().event,
    onScanProgressed: new Emitter().event,
    request: (_contract: unknown, { folders }: { folders?: string[] }) =>
      Promise.resolve({ scans: listed.filter(({ reference }) => folders?.includes(reference.folder)) }),
  } as unknown as EngineClient;
  catalogue = new ScanCatalogue(engine, memory);
  for (const { reference } of listed) await memory.rememberLeftOutDismissed(reference, true);
  await catalogue.refresh(['/with a space']); // nobody looked elsewhere yet
});

const dismissed = (): ScanReference[] =>
  [first, second, elsewhere]
    .map(({ reference }) => reference)
    .filter((reference) => memory.isLeftOutDismissed(reference));

describe('what was put away for a scan', () => {
  it('stays as long as the scan does', async () => {
    await catalogue.refresh(['/with a space']);
    expect(dismissed()).toEqual([first, second, elsewhere].map(({ reference }) => reference));
  });

  it('is forgotten with a scan that is removed here', async () => {
    await catalogue.remove(first.reference);
    expect(dismissed()).toEqual([second.reference, elsewhere.reference]);
    expect(JSON.stringify([...kept])).not.toContain('first /with a space');
  });

  it('is forgotten with a scan that something else removed', async () => {
    listed = [first];
    await catalogue.refresh(['/with a space']);
    expect(dismissed()).toEqual([first.reference, elsewhere.reference]);
  });
});

describe('counts of verdicts', () => {
  it('are told of the other scans of the folder, and of none elsewhere', async () => {
    const told: (string | undefined)[] = [];
    catalogue.onDidChange((summary) => told.push(summary?.reference.scanId));
    vi.useFakeTimers();
    listed = listed.map((summary) => ({ ...summary, reviewedFlagged: summary.reviewedFlagged + 1 }));
    catalogue.updateCounts(listed[0]);
    catalogue.recountOthersSoon(first.reference);
    catalogue.recountOthersSoon(first.reference);
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    expect(told).toEqual(['first', 'second']);
    expect(catalogue.find(second.reference)?.reviewedFlagged).toBe(second.reviewedFlagged + 1);
    expect(catalogue.find(elsewhere.reference)).toBeNull();
  });
});
