import { basename } from 'node:path';
import { commands, l10n, ProgressLocation, Uri, window } from 'vscode';
import * as z from 'zod/mini';
import { appliedText } from '../../protocol/appliedText';
import { applyVerdicts as applyVerdictsRequest, verdictRulesSchema } from '../../protocol/annotations';
import { isEditableFormat } from '../../protocol/annotationSource';
import type { ScanSummary } from '../../protocol/scan';
import { UserFacingError } from '../../protocol/userFacingError';
import { chooseCopy } from '../exports/chooseCopy';
import { chooseVerdictRules } from '../exports/chooseVerdictRules';
import type { Command, HostServices } from '../hostServices';
import { chooseScan } from '../scans/chooseScan';
import { localisation } from '../vscodeLocalisation';

const answersSchema = z.object({ rules: verdictRulesSchema, output: z.string() });
type Answers = z.infer<typeof answersSchema>;

/**
 * Writes a copy of a scan's annotations with the verdicts applied, says what became of them, and offers to show it.
 * Automation may give `{ rules, output }`.
 */
export const applyVerdicts: Command = async (host, given, second) => {
  const scan = await chooseScan(host, given);
  if (!scan) return undefined;
  const answers = z.safeParse(answersSchema, second).data ?? (await ask(host, scan));
  if (!answers) return undefined;
  const applied = await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t('Applying verdicts…') },
    () => host.engine.request(applyVerdictsRequest, { reference: scan.reference, ...answers }),
  );
  void offerToShow(
    l10n.t('{0}: {1}', basename(applied.output), appliedText(applied, localisation())),
    applied,
  );
  return applied;
};

/** Null when the person left. */
async function ask(host: HostServices, scan: ScanSummary): Promise<Answers | null> {
  const { reference, annotations } = scan;
  if (!annotations || !isEditableFormat(annotations.format))
    throw new UserFacingError(
      l10n.t(
        'The objects of {0} come from no COCO, YOLO or Pascal VOC annotations, so there are none to copy. If there are some now, scan the folder again; what is finished is kept.',
        basename(reference.folder),
      ),
    );
  const rules = await chooseVerdictRules(host, reference);
  if (!rules) return null;
  const output = await chooseCopy(reference, annotations.format);
  return output ? { rules, output: output.fsPath } : null;
}

async function offerToShow(
  message: string,
  { output, files }: { output: string; files: number },
): Promise<void> {
  const open = files === 1 ? l10n.t('Open') : l10n.t('Reveal');
  if ((await window.showInformationMessage(message, open)) !== open) return;
  if (files === 1) await commands.executeCommand('vscode.open', Uri.file(output));
  else await commands.executeCommand('revealFileInOS', Uri.file(output));
}
