import type { Command } from '../hostServices';

/** Shows the other of the two scans that are compared, held against the one that was shown. @returns the scan that is shown. */
export const swapComparison: Command = async ({ session }) => {
  const { shown, comparedWith } = session;
  if (shown && comparedWith) await session.compare(comparedWith, shown.scanId);
  return session.shown;
};
