import type { Results } from '../../protocol/results';

/** The images of the objects, one a line and each once, relative to the scanned folder. */
export function fileList({ objects }: Results): string {
  return [...new Set(objects.map(({ image }) => image))].map((file) => `${file}\n`).join('');
}
