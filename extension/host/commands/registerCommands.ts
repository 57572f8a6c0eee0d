import { commands, l10n, window, type Disposable } from 'vscode';
import { isCancellation } from '../../messaging/typedConnection';
import { EngineStoppedError } from '../engineProcess/engineClient';
import type { Command, HostServices } from '../hostServices';
import { cancelScan } from './cancelScan';
import { exportResults } from './exportResults';
import { getModels } from './getModels';
import { openReview } from './openReview';
import { openReviewInEditor } from './openReviewInEditor';
import { removeScan } from './removeScan';
import { rescan } from './rescan';
import { resetThreshold } from './resetThreshold';
import { restartEngine } from './restartEngine';
import { scanFolder } from './scanFolder';
import { setThreshold } from './setThreshold';
import { showLog } from './showLog';
import { showLeftOut } from './showLeftOut';

/** Every command of the extension, `uniOod.` before each name. */
const all: Record<string, Command> = {
  scanFolder,
  cancelScan,
  rescan,
  openReview,
  openReviewInEditor,
  exportResults,
  getModels,
  setThreshold,
  resetThreshold,
  showLeftOut,
  removeScan,
  restartEngine,
  showLog,
};

export function registerCommands(host: HostServices): Disposable[] {
  return Object.entries(all).map(([name, command]) =>
    commands.registerCommand(`uniOod.${name}`, async (...given: unknown[]) => {
      try {
        return await command(host, ...given);
      } catch (error) {
        if (!isCancellation(error)) void showFailure(host, error);
        return undefined;
      }
    }),
  );
}

/** A failure in the words of whoever noticed it, with the way on. */
export async function showFailure(host: Pick<HostServices, 'engine' | 'log'>, error: unknown): Promise<void> {
  const { engine, log } = host;
  const message = error instanceof Error ? error.message : String(error);
  log.error(error instanceof Error ? (error.stack ?? message) : message);
  const restart = l10n.t('Restart Engine');
  const showTheLog = l10n.t('Show Log');
  const actions = error instanceof EngineStoppedError ? [restart, showTheLog] : [showTheLog];
  const chosen = await window.showErrorMessage(message, ...actions);
  if (chosen === restart) await engine.restart().catch((again: unknown) => showFailure(host, again));
  if (chosen === showTheLog) log.show(true);
}
