import { l10n, window, type QuickPickItem } from 'vscode';
import type { ExportFormat } from '../../protocol/engine';
import { accepted } from '../quickPicks';
import { describeFormats } from './exportFormats';

interface FormatItem extends QuickPickItem {
  format: ExportFormat;
}

/** Asks for a format, the last one chosen under the cursor; null when the person left. */
export async function chooseFormat(title: string, last: ExportFormat | null): Promise<ExportFormat | null> {
  const pick = window.createQuickPick<FormatItem>();
  pick.title = title;
  pick.placeholder = l10n.t('Format');
  pick.matchOnDetail = true;
  pick.items = Object.entries(describeFormats()).map(([format, { name, use }]) => ({
    format: format as ExportFormat,
    label: name,
    detail: use,
    description: format === last ? l10n.t('last chosen') : undefined,
  }));
  if (last) pick.activeItems = pick.items.filter(({ format }) => format === last);
  return (await accepted(pick))?.format ?? null;
}
