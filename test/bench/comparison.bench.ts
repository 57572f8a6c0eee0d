import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareScans } from '../../extension/engine/comparison/compareScans';
import { ScanStore } from '../../extension/store/scanStore';
import { fillScan, objects, openFilledStore } from './largeScan';
import { medianOf } from './median';

/**
 * Two stored scans of 100,000 objects beside each other: those that have the same boxes, and those whose boxes only overlap. In
 * time of the processor.
 *
 *   npm run bench -- comparison
 */

const rounds = 5;

function measure(store: ScanStore, folder: string, other: string, what: string): void {
  const times = Array.from({ length: rounds }, () => {
    const begun = process.cpuUsage();
    const { columns } = compareScans(store, { folder, scanId: 'scan' }, other);
    if (columns.count !== objects) throw new Error(`${columns.count} objects instead of ${objects}`);
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  });
  const worst = Math.max(...times).toFixed(0);
  console.log(`${what.padEnd(40)} ${medianOf(times).toFixed(0).padStart(6)} ms  (worst ${worst})`);
}

console.log(`${cpus()[0].model}, ${cpus().length} processors, Node ${process.version}`);
const folder = mkdtempSync(join(tmpdir(), 'comparison-bench-'));
const filled = openFilledStore(folder);
fillScan(filled, 'scan');
fillScan(filled, 'same boxes', { step: 7907 });
fillScan(filled, 'other boxes', { step: 7907, shift: 2 });
filled.close();
const store = ScanStore.open(join(folder, '.uni-ood'));
measure(store, folder, 'same boxes', 'the same 100,000 boxes');
measure(store, folder, 'other boxes', '100,000 boxes that overlap');
store.close();
rmSync(folder, { recursive: true });
