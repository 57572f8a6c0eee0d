import { l10n, QuickPickItemKind, ThemeIcon, window, workspace, type QuickPickItem } from 'vscode';
import * as z from 'zod/mini';
import { listCombiners } from '../../protocol/tuning';
import { UserFacingError } from '../../protocol/userFacingError';
import type { Command, HostServices } from '../hostServices';
import { accepted } from '../quickPicks';
import { offerScan } from '../scans/offerScan';
import { settings, useCombiner } from '../settings';
import { combinerLines, type CombinerChoice, type CombinerLine } from '../studies/combinerLines';
import { knownCombiners } from '../studies/knownCombiners';
import { openReport } from '../studies/openReport';
import { localisation } from '../vscodeLocalisation';

const answersSchema = z.object({ path: z.nullable(z.string()) });

/**
 * Chooses the tuned combiner of new scans, or none. Those of this workspace's folders are offered; a file is taken only where
 * it fits the model. Automation may give `{ path }`, null for none.
 *
 * @returns the setting from now on; undefined when the person left.
 */
export const chooseCombiner: Command = async (host, given): Promise<string | null | undefined> => {
  const answers = z.safeParse(answersSchema, given);
  const path = answers.success ? answers.data.path : await ask(host);
  if (path === undefined) return undefined;
  if (path !== null) await refuseUnfit(host, path);
  await useCombiner(path);
  void offerScan(
    path === null
      ? l10n.t('New scans use no tuned combiner from now on.')
      : l10n.t('New scans use this combiner from now on.'),
  );
  return path;
};

/** Undefined when the person left; null: no combiner. */
async function ask(host: HostServices): Promise<string | null | undefined> {
  const choice = await pick(combinerLines(await knownCombiners(host), localisation()));
  switch (choice?.kind) {
    case 'none':
      return null;
    case 'combiner':
      return choice.combiner.path;
    case 'damaged':
      throw new UserFacingError(choice.reason);
    case 'file':
      return chooseFile();
    default:
      return undefined;
  }
}

type CombinerItem = QuickPickItem & Pick<CombinerLine, 'choice' | 'isInUse'>;

async function pick(lines: readonly CombinerLine[]): Promise<CombinerChoice | undefined> {
  const report = { iconPath: new ThemeIcon('graph-line'), tooltip: l10n.t('Open Report') };
  const picker = window.createQuickPick<CombinerItem>();
  picker.title = l10n.t('Combiner for New Scans');
  picker.placeholder = l10n.t('A combiner fits the model that it was tuned on and no other');
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = lines.map(({ choice, ...line }) => ({
    ...line,
    choice,
    kind: choice.kind === 'heading' ? QuickPickItemKind.Separator : QuickPickItemKind.Default,
    ...(choice.kind === 'combiner' && choice.combiner.report !== null ? { buttons: [report] } : {}),
  }));
  picker.activeItems = picker.items.filter(({ isInUse }) => isInUse);
  picker.onDidTriggerItemButton(({ item: { choice } }) => {
    if (choice.kind === 'combiner' && choice.combiner.report !== null)
      void openReport(choice.combiner.report);
    picker.hide();
  });
  return (await accepted(picker))?.choice;
}

async function chooseFile(): Promise<string | undefined> {
  const files = await window.showOpenDialog({
    title: l10n.t('Combiner for New Scans'),
    openLabel: l10n.t('Use for New Scans'),
    filters: { [l10n.t('Combiners')]: ['safetensors'] },
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
  });
  return files?.at(0)?.fsPath;
}

/** @throws UserFacingError with the reason when the combiner cannot be used with the model of new scans. */
async function refuseUnfit({ engine }: HostServices, path: string): Promise<void> {
  const { combiners, damaged } = await engine.request(listCombiners, {
    folders: [],
    files: [path],
    model: settings.model(),
  });
  const reason = combiners.at(0)?.refusal ?? damaged.at(0)?.reason;
  if (reason !== undefined) throw new UserFacingError(reason);
}
