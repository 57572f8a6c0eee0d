import { setImmediate } from 'node:timers/promises';
import { alikeGroups } from '../likeness/alikeGroups';
import { encodeColumn } from '../protocol/columns';
import { notCompared, type Likeness } from '../protocol/likeness';
import { readDirections } from '../store/embeddings';
import { changedAt, keepLikeness, readKeptLikeness } from '../store/keptLikeness';
import { isScanRunning } from '../store/scanLock';
import type { ScanStore } from '../store/scanStore';
import { MatrixLibrary } from '../towers/matrixLibrary';

/** Groups of alike objects of stored scans. The thread that makes them answers others between the pieces of the work. */
export class ScanLikeness {
  /** Who asks for the same twice is answered once. */
  private readonly underWay = new Map<string, Promise<Likeness>>();

  constructor(private readonly threads: number) {}

  /** What is kept of a scan, else made anew; of a scan that is running, as far as it got. */
  async of(store: ScanStore, scanId: string): Promise<Likeness> {
    const name = `${store.directory}\n${scanId}`;
    const known = this.underWay.get(name);
    if (known) return known;
    const likeness = this.find(store, scanId);
    this.underWay.set(name, likeness);
    try {
      return await likeness;
    } finally {
      this.underWay.delete(name);
    }
  }

  private async find({ connection, directory }: ScanStore, scanId: string): Promise<Likeness> {
    const since = isScanRunning(directory, scanId) ? undefined : changedAt(connection, scanId);
    const kept = since === undefined ? undefined : readKeptLikeness(connection, scanId);
    const groups = kept ?? (await this.make(connection, scanId));
    if (!kept) keepLikeness(connection, scanId, groups, since);
    return {
      compared: groups.reduce((sum, group) => sum + Number(group !== notCompared), 0),
      groups: encodeColumn(groups),
    };
  }

  private async make(connection: ScanStore['connection'], scanId: string): Promise<Uint32Array> {
    const { objects, positions, directions, width } = await readDirections(connection, scanId, setImmediate);
    const groups = new Uint32Array(objects).fill(notCompared);
    if (positions.length === 0) return groups;
    const matrices = await MatrixLibrary.open({ threads: this.threads });
    try {
      const products = matrices.transposed.bind(matrices);
      const alike = await alikeGroups({ values: directions, width }, { products, pause: setImmediate });
      positions.forEach((position, at) => (groups[position] = positions[alike[at]]));
    } finally {
      await matrices.dispose();
    }
    return groups;
  }
}
