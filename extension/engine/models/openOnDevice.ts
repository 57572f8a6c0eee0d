import { listSupportedBackends } from 'onnxruntime-node';
import { acceleratorSchema, type Accelerator, type Device } from '../../protocol/device';
import type { ImageTower } from '../../towers/imageTower';
import { onnxruntimeFault } from '../../towers/onnxruntimeFault';

/** An image tower and where it computes. */
export interface PlacedTower<T extends Probed = ImageTower> {
  tower: T;
  device: Accelerator | 'cpu';
  /** Why it is not where it was wanted; null: it is. */
  fallback: string | null;
}

/** What is needed of a tower to hold it against another. */
type Probed = Pick<ImageTower, 'run' | 'dispose' | 'facts'>;

/** Cosine of two towers' projected tokens from which their scores are taken for the same. */
const leastCosine = 0.999;
/** Difference of attention weights up to which they are. */
const mostAttention = 0.005;

/**
 * Opens an image tower on the processor and, where an accelerator is wanted, there too; keeps the accelerator's only when it
 * opens and computes the same on a probe, and where none was named, when it is faster.
 *
 * @param open loads the tower; its errors on the processor are the caller's.
 * @param imageSize side of its input.
 * @param offered what `auto` tries, in order.
 */
export async function openOnDevice<T extends Probed>(
  open: (device: Accelerator | 'cpu') => Promise<T>,
  imageSize: number,
  wanted: Device,
  offered: readonly Accelerator[] = bundledAccelerators(),
): Promise<PlacedTower<T>> {
  const onProcessor = await open('cpu');
  if (wanted === 'cpu') return { tower: onProcessor, device: 'cpu', fallback: null };
  const reference = await probed(onProcessor, imageSize);
  let fallback: string | null = null;
  for (const device of wanted === 'auto' ? offered : [wanted]) {
    const outcome = await attempt(() => open(device), reference, imageSize);
    if ('tower' in outcome && (wanted !== 'auto' || outcome.seconds < reference.seconds)) {
      await onProcessor.dispose();
      return { tower: outcome.tower, device, fallback: null };
    }
    if ('tower' in outcome) await outcome.tower.dispose();
    // What cannot be opened is no surprise unless it was asked for.
    else if (wanted !== 'auto' || outcome.opened)
      fallback = `The image tower runs on the processor: ${device} ${outcome.fault}.`;
  }
  return { tower: onProcessor, device: 'cpu', fallback };
}

/** Those that come with onnxruntime on this platform, the most direct first. */
function bundledAccelerators(): Accelerator[] {
  const names = new Set(listSupportedBackends().flatMap(({ name, bundled }) => (bundled ? [name] : [])));
  return acceleratorSchema.options.filter((name) => names.has(name));
}

interface Probe {
  projected: Float32Array;
  attention: Float32Array;
  seconds: number;
}

/** The passes of a pair that is no photo, timed when it is met for the second time. */
async function probed(tower: Probed, imageSize: number): Promise<Probe> {
  const pixels = Float32Array.from(
    { length: 6 * imageSize ** 2 },
    (_, at) => Math.sin(at * 0.013) + Math.cos(at * 0.00071),
  );
  await tower.run(pixels);
  const begun = performance.now();
  const { target, background } = await tower.run(pixels);
  return {
    seconds: (performance.now() - begun) / 1000,
    projected: Float32Array.from([...target.projected, ...background.projected]),
    attention: Float32Array.from([...target.attention, ...background.attention]),
  };
}

async function attempt<T extends Probed>(
  open: () => Promise<T>,
  reference: Probe,
  imageSize: number,
): Promise<{ tower: T; seconds: number } | { fault: string; opened: boolean }> {
  let tower: T | undefined;
  try {
    tower = await open();
    const probe = await probed(tower, imageSize);
    const fault = disagreement(probe, reference, tower.facts.dimension);
    if (fault === null) return { tower, seconds: probe.seconds };
    await tower.dispose();
    return { fault, opened: true };
  } catch (error) {
    await tower?.dispose();
    return { fault: `cannot be used (${onnxruntimeFault(error as Error)})`, opened: tower !== undefined };
  }
}

/** Negated, so that what is no number disagrees. */
function disagreement(probe: Probe, reference: Probe, dimension: number): string | null {
  const cosine = smallestCosine(probe.projected, reference.projected, dimension);
  if (!(cosine >= leastCosine)) return `gives other tokens than it does (cosine ${cosine.toFixed(4)})`;
  const apart = probe.attention.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - reference.attention[at])),
    0,
  );
  return apart <= mostAttention ? null : `gives other attention than it does (${apart.toFixed(4)} apart)`;
}

function smallestCosine(one: Float32Array, other: Float32Array, dimension: number): number {
  let smallest = 1;
  for (let start = 0; start < other.length; start += dimension) {
    let [product, ours, theirs] = [0, 0, 0];
    for (let at = start; at < start + dimension; at++) {
      product += one[at] * other[at];
      ours += one[at] ** 2;
      theirs += other[at] ** 2;
    }
    smallest = Math.min(smallest, product / Math.sqrt(ours * theirs)); // NaN stays
  }
  return smallest;
}
