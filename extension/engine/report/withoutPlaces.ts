import { basename } from 'node:path';
import type { ScanSnapshot } from '../../protocol/scan';

/** A scan without the places of this computer that it names: a report is read on another. */
export function withoutPlaces(snapshot: ScanSnapshot): ScanSnapshot {
  const { summary } = snapshot;
  const { folder } = summary.reference;
  const name = basename(folder);
  const shortened = (text: string): string =>
    text
      .replaceAll(folder, name)
      .replace(/\(([^()]*[/\\])([^()/\\]+)\)$/, (whole, path: string, file: string) =>
        path.startsWith(`${name}/`) ? whole : `(${file})`,
      );
  const named = (files: ScanSnapshot['leftOut']): ScanSnapshot['leftOut'] =>
    files.map(({ file, reason }) => ({ file: shortened(file), reason: shortened(reason) }));
  const { combiner, annotations } = summary;
  return {
    ...snapshot,
    summary: {
      ...summary,
      reference: { ...summary.reference, folder: name },
      boxesOrigin: shortened(summary.boxesOrigin),
      settings: null, // only for going on with the scan where it was made
      annotations: annotations && { ...annotations, named: null },
      combiner: combiner && { ...combiner, folder: basename(combiner.folder) },
    },
    leftOut: named(snapshot.leftOut),
    unreadable: named(snapshot.unreadable),
  };
}
