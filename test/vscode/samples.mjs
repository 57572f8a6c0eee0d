// The sample photos, for a folder in which they are scanned.
import { cpSync } from 'node:fs';
import { join } from 'node:path';

/** Copies the samples of a checkout or of an installed extension, without the scans that were made of them there. */
export function copySamples(root, folder) {
  const isPhoto = (source) => !/[\\/]\.uni-ood/.test(source);
  cpSync(join(root, 'media', 'samples'), folder, { recursive: true, filter: isPhoto });
}
