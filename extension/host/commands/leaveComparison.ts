import type { Command } from '../hostServices';

/** Looks at the shown scan alone again. */
export const leaveComparison: Command = async ({ session }) => {
  if (session.shown && session.comparedWith) await session.compare(session.shown, null);
};
