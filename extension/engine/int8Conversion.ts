import { readFile } from 'node:fs/promises';
import type { TowerConversion } from '../hub/importModel';
import { int8ImageTower } from '../towers/int8Tower';
import type { WeightRange } from '../towers/int8Weights';

/** The conversion of image towers to 8-bit integers that suits this processor. */
export async function int8Conversion(): Promise<TowerConversion> {
  const range = suitedRange(process.arch, await readFile('/proc/cpuinfo', 'utf8').catch(() => ''));
  return {
    // Not the name under which the catalogue has the public int8 file.
    name: 'int8-local',
    note: `image tower in int8 made here (${range} range)`,
    convert: (model) => int8ImageTower(model, range),
  };
}

/**
 * The range of weights a processor multiplies without overflow: the full one with VNNI and on ARM; x86 without VNNI adds
 * pairs of products in 16 bits, where full weights overflow. Unknown processors get the range that is right everywhere.
 *
 * @param processors what Linux says of them in `/proc/cpuinfo`.
 */
export function suitedRange(architecture: string, processors: string): WeightRange {
  return architecture === 'arm64' || /\b(avx512_vnni|avx_vnni)\b/.test(processors) ? 'full' : 'reduced';
}
