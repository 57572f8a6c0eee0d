import type { Connection } from './database';
import { bytesOf, type Blob } from './blobs';

/** The largest step of a direction's entries. */
const steps = 127;

/** Directions of a scan's objects, in the order they were scanned. */
export interface StoredDirections {
  /** How many objects the scan has. */
  objects: number;
  /** Position among all objects of the scan of each that has a direction. */
  positions: Uint32Array;
  /** Entries of a direction; 0 where there is none. */
  width: number;
  /** A row for each of `positions`: a direction of any length. */
  directions: Int8Array;
}

/**
 * The direction of a vector in a byte an entry: its length is not kept, so that the largest entry takes all of the byte. Of 512 entries
 * a cosine is then off by a few ten-thousandths.
 */
export function directionOf(vector: Float32Array): Int8Array {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = largest > 0 ? steps / largest : 0;
  return Int8Array.from(vector, (value) => Math.round(value * scale));
}

/** What stores embeddings of objects of a scan by their rows, within a transaction of the caller. */
export function embeddingWriter(
  connection: Connection,
  scanId: string,
): (row: number, embedding: Float32Array) => void {
  const insert = connection.prepare('INSERT INTO embedding (scan, row, direction) VALUES (?, ?, ?)');
  return (row, embedding) => insert.run(scanId, row, Buffer.from(directionOf(embedding).buffer));
}

/** So many are read at once. */
const chunk = 2000;

/** All directions of a scan, piece by piece, so that others are answered between. Objects of older scans have none. */
export async function readDirections(
  connection: Connection,
  scanId: string,
  pause: () => Promise<void>,
): Promise<StoredDirections> {
  // From an index, since rows of objects are wide.
  const rows = Uint32Array.from(
    connection
      .prepare('SELECT row FROM object INDEXED BY objectByScore WHERE scan = ?')
      .raw()
      .all(scanId) as [number][],
    ([row]) => row,
  ).sort();
  const read = connection
    .prepare('SELECT row, direction FROM embedding WHERE scan = ? AND row > ? ORDER BY row LIMIT ?')
    .raw();
  const positions: number[] = [];
  let width = 0;
  let directions = new Int8Array();
  let position = 0;
  for (let after = -1; ;) {
    const found = read.all(scanId, after, chunk) as [number, Blob][];
    if (found.length === 0) break;
    for (const [row, blob] of found) {
      const direction = new Int8Array(bytesOf(blob));
      if (width === 0) {
        width = direction.length;
        directions = new Int8Array(rows.length * width);
      }
      while (rows[position] < row) position++;
      // Scanned meanwhile, after the rows were counted.
      if (rows[position] !== row || direction.length !== width) continue;
      directions.set(direction, positions.length * width);
      positions.push(position);
    }
    after = found[found.length - 1][0];
    await pause();
  }
  return {
    objects: rows.length,
    positions: Uint32Array.from(positions),
    width,
    directions: directions.subarray(0, positions.length * width),
  };
}
