import { commands, l10n, window, type Disposable } from 'vscode';
import type { DeviceFallback } from '../../protocol/device';
import type { EngineClient } from '../engineProcess/engineClient';
import { section } from '../settings';

/** Tells the person, once a model and device in this window, that a model computes on the processor and not where it was wanted. */
export function announceFallbacks({ onDeviceFellBack }: Pick<EngineClient, 'onDeviceFellBack'>): Disposable {
  const told = new Set<string>();
  return onDeviceFellBack((fallback) => {
    const what = `${fallback.model}\n${fallback.wanted}`;
    if (told.has(what)) return;
    told.add(what);
    void tell(fallback);
  });
}

async function tell({ model, sentence }: DeviceFallback): Promise<void> {
  const settings = l10n.t('Choose Device');
  const log = l10n.t('Show Log');
  const chosen = await window.showWarningMessage(
    l10n.t('Model {0} is slower than was asked for. {1}', model, sentence),
    settings,
    log,
  );
  if (chosen === settings)
    await commands.executeCommand('workbench.action.openSettings', `@id:${section}.device`);
  if (chosen === log) await commands.executeCommand('uniOod.showLog');
}
