import { commands, l10n, window } from 'vscode';
import { NoImageError } from './classes/scanChoices';
import { EngineStoppedError } from './engineProcess/engineClient';
import type { HostServices } from './hostServices';

/** A failure in the words of whoever noticed it, with the way on. */
export async function showFailure(host: Pick<HostServices, 'engine' | 'log'>, error: unknown): Promise<void> {
  const { engine, log } = host;
  const message = error instanceof Error ? error.message : String(error);
  log.error(error instanceof Error ? (error.stack ?? message) : message);
  const restart = l10n.t('Restart Engine');
  const showTheLog = l10n.t('Show Log');
  const another = l10n.t('Choose Another Folder…');
  const actions =
    error instanceof EngineStoppedError
      ? [restart, showTheLog]
      : error instanceof NoImageError
        ? [another]
        : [showTheLog];
  const chosen = await window.showErrorMessage(message, ...actions);
  if (chosen === restart) await engine.restart().catch((again: unknown) => showFailure(host, again));
  if (chosen === another) await commands.executeCommand('uniOod.scanFolder');
  if (chosen === showTheLog) log.show(true);
}
