import { Uri } from 'vscode';
import type { Command } from '../hostServices';
import { referenceOf } from '../scans/chooseScan';

/** Stops the given scan, or all that run; what they finished is kept. */
export const cancelScan: Command = ({ runs }, given) => {
  const reference = referenceOf(given);
  runs.cancel(reference ? Uri.file(reference.folder) : undefined);
  return Promise.resolve();
};
