import {
  ConfigurationTarget,
  l10n,
  ProgressLocation,
  QuickPickItemKind,
  window,
  workspace,
  type QuickPickItem,
} from 'vscode';
import * as z from 'zod/mini';
import { isCancellation } from '../../messaging/typedConnection';
import {
  dropUnfinishedModels,
  listModels,
  planModel,
  pullModel,
  removeModel,
  type ModelListing,
} from '../../protocol/models';
import { formatBytes } from '../../protocol/formatBytes';
import type { EngineClient } from '../engineProcess/engineClient';
import type { Command } from '../hostServices';
import { modelDetail, modelLabel } from '../models/modelTexts';
import { offerScan } from '../scans/offerScan';
import { section } from '../settings';
import { localisation } from '../vscodeLocalisation';
import { pullText } from '../models/pullText';

const answersSchema = z.object({ id: z.string() });

/**
 * Shows every model with its size, licence and source, and gets, chooses or removes one. Nothing is downloaded before
 * the person has agreed to it. Automation may give `{ id }`, which is the consent.
 */
export const getModels: Command = async ({ engine }, given) => {
  const answers = z.safeParse(answersSchema, given);
  if (answers.success) return download(engine, answers.data.id);
  const { models, directory, usage } = await engine.request(listModels, {});
  const used =
    usage.quota === null
      ? l10n.t('{0} in {1}', formatBytes(usage.models), directory)
      : l10n.t('{0} of {1} in {2}', formatBytes(usage.models), formatBytes(usage.quota), directory);
  const chosen = await chooseModel(models, used, usage.unfinished);
  if (!chosen) return undefined;
  if (chosen === 'unfinished') return dropUnfinished(engine, usage.unfinished);
  if (chosen.state !== 'offered') return keepOrRemove(engine, chosen);
  const { missing, from } = await engine.request(planModel, { id: chosen.id });
  if (!(await consents(chosen, missing, from))) return undefined;
  if (!(await download(engine, chosen.id))) return undefined;
  return offerToUse(chosen);
};

type ModelItem = QuickPickItem & { choice?: ModelListing | 'unfinished' };

async function chooseModel(
  models: readonly ModelListing[],
  where: string,
  unfinished: number,
): Promise<ModelListing | 'unfinished' | undefined> {
  const groups: [string, ModelListing[]][] = [
    [l10n.t('On this computer'), models.filter(({ state }) => state !== 'offered')],
    [
      l10n.t('To download: models'),
      models.filter(({ state, kind }) => state === 'offered' && kind === 'towers'),
    ],
    [
      l10n.t('To download: detectors'),
      models.filter(({ state, kind }) => state === 'offered' && kind === 'detector'),
    ],
  ];
  const items = groups.flatMap(([label, group]): ModelItem[] => [
    { label, kind: QuickPickItemKind.Separator },
    ...group.map((model) => ({
      label: modelLabel(model),
      description: `${model.id} · ${formatBytes(model.bytes)}`,
      detail: modelDetail(model, localisation()),
      choice: model,
    })),
  ]);
  if (unfinished > 0)
    items.push(
      { label: '', kind: QuickPickItemKind.Separator },
      {
        label: l10n.t('Remove Unfinished Downloads'),
        description: formatBytes(unfinished),
        choice: 'unfinished',
      },
    );
  const picked = await window.showQuickPick(items, {
    title: l10n.t('UNI-OOD Models'),
    placeHolder: where,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.choice;
}

async function consents(model: ModelListing, missing: number, from: string): Promise<boolean> {
  const yes = l10n.t('Download {0}', formatBytes(missing));
  const chosen = await window.showInformationMessage(
    l10n.t('Download {0}?', model.title),
    {
      modal: true,
      detail: l10n.t(
        '{0} from {1}, {2}.\nLicence: {3}\n{4}\nThe download can be stopped at any time and goes on where it stopped.',
        formatBytes(missing),
        from,
        model.source,
        model.licence,
        model.expectation,
      ),
    },
    yes,
  );
  return chosen === yes;
}

/** @returns false when the person stopped it. */
async function download(engine: EngineClient, id: string): Promise<boolean> {
  const options = {
    location: ProgressLocation.Notification,
    title: l10n.t('Downloading {0}', id),
    cancellable: true,
  };
  return window.withProgress(options, async (report, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    let percent = 0;
    const heard = engine.onPullProgressed((progress) => {
      if (progress.id !== id) return;
      const now = progress.total > 0 ? (100 * progress.received) / progress.total : 0;
      report.report({ message: pullText(progress, localisation()), increment: Math.max(0, now - percent) });
      percent = Math.max(percent, now);
    });
    try {
      await engine.request(pullModel, { id, acceptChange: false }, stop.signal);
      return true;
    } catch (error) {
      if (isCancellation(error)) return false;
      throw error;
    } finally {
      heard.dispose();
    }
  });
}

async function dropUnfinished(engine: EngineClient, bytes: number): Promise<void> {
  await engine.request(dropUnfinishedModels, {});
  void window.showInformationMessage(
    l10n.t('Unfinished downloads were removed; {0} became free.', formatBytes(bytes)),
  );
}

async function offerToUse({ id, kind, title }: ModelListing): Promise<void> {
  const use = l10n.t('Use for New Scans');
  const chosen = await window.showInformationMessage(l10n.t('{0} is ready.', title), use);
  if (chosen === use) await useForNewScans(id, kind);
}

async function keepOrRemove(engine: EngineClient, { id, kind, title, state }: ModelListing): Promise<void> {
  const use = l10n.t('Use for New Scans');
  const remove = l10n.t('Remove…');
  const picked = await window.showQuickPick(state === 'embedded' ? [use] : [use, remove], { title });
  if (picked === use) await useForNewScans(state === 'embedded' ? '' : id, kind);
  if (picked !== remove) return;
  const yes = l10n.t('Remove');
  const sure = await window.showWarningMessage(
    l10n.t('Remove {0} from this computer?', title),
    { modal: true, detail: l10n.t('Results of its scans are kept. It can be downloaded again.') },
    yes,
  );
  if (sure !== yes) return;
  const { freed } = await engine.request(removeModel, { id });
  void window.showInformationMessage(l10n.t('{0} was removed; {1} became free.', title, formatBytes(freed)));
}

async function useForNewScans(id: string, kind: ModelListing['kind']): Promise<void> {
  const setting = kind === 'towers' ? 'model' : 'detector';
  await workspace.getConfiguration(section).update(setting, id || undefined, ConfigurationTarget.Global);
  await offerScan(l10n.t('New scans use it from now on.'));
}
