import pLimit, { type LimitFunction } from 'p-limit';
import { l10n } from 'vscode';

/** Work that keeps the models busy, scans, tuning and evaluations, is done one after the other. */
export const createTurns = (): LimitFunction => pLimit(1);

/** Whether anything is under way or waits. */
export const areTurnsTaken = ({ activeCount, pendingCount }: LimitFunction): boolean =>
  activeCount + pendingCount > 0;

/** What work says until its turn comes; nothing when that is now. */
export const waitingText = (turns: LimitFunction): string =>
  areTurnsTaken(turns) ? l10n.t('waiting for what is running') : '';
