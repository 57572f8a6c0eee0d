import type { Results } from '../../protocol/results';
import { breaksLines, printable } from '../../protocol/printable';
import { UserFacingError } from '../../protocol/userFacingError';

/**
 * The images of the objects, one a line and each once, relative to the scanned folder.
 * @throws UserFacingError when a name holds a line break: the list would name other files.
 */
export function fileList({ objects }: Results): string {
  const files = [...new Set(objects.map(({ image }) => image))];
  const broken = files.find(breaksLines);
  if (broken !== undefined)
    throw new UserFacingError(
      `The name ${printable(broken)} holds a line break (\\n or \\r), and a list has one file a line. Rename the file and scan again, or export JSON or CSV.`,
    );
  return files.map((file) => `${file}\n`).join('');
}
