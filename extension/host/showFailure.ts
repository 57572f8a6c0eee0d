import { commands, l10n, window } from 'vscode';
import { NoImageError } from './classes/scanChoices';
import { EngineStoppedError } from './engineProcess/engineClient';
import type { HostServices } from './hostServices';
import { ScanFailedError } from './scans/scanRuns';

/** A failure in the words of whoever noticed it, with the way on. */
export async function showFailure(
  host: Pick<HostServices, 'engine' | 'log' | 'runs'>,
  error: unknown,
): Promise<void> {
  const { engine, log, runs } = host;
  const message = error instanceof Error ? error.message : String(error);
  log.error(error instanceof Error ? (error.stack ?? message) : message);
  const restart = l10n.t('Restart Engine');
  const showTheLog = l10n.t('Show Log');
  const another = l10n.t('Choose Another Folder…');
  const again = l10n.t('Try Again');
  const combiner = l10n.t('Choose Combiner…');
  const actions =
    error instanceof EngineStoppedError
      ? [restart, showTheLog]
      : error instanceof NoImageError
        ? [another]
        : error instanceof ScanFailedError
          ? [isOfCombiner(error) ? combiner : again, showTheLog]
          : [showTheLog];
  const chosen = await window.showErrorMessage(message, ...actions);
  const retry = async (action: Promise<unknown>): Promise<void> => {
    await action.catch((failure: unknown) => showFailure(host, failure));
  };
  if (chosen === restart) await retry(engine.restart());
  if (chosen === again && error instanceof ScanFailedError) await retry(runs.run(error.options));
  if (chosen === combiner) await commands.executeCommand('uniOod.chooseCombiner');
  if (chosen === another) await commands.executeCommand('uniOod.scanFolder');
  if (chosen === showTheLog) log.show(true);
}

/** Whether the combiner is at fault: the engine's sentence then names its file. */
function isOfCombiner({ message, options: { combiner } }: ScanFailedError): boolean {
  return combiner !== undefined && message.includes(combiner);
}
