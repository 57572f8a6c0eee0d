import { l10n, Uri, window } from 'vscode';
import * as z from 'zod/mini';
import type { ScanReference, ScanSummary } from '../../protocol/scan';
import { scanTraits } from '../../protocol/scanText';
import { UserFacingError } from '../../protocol/userFacingError';
import type { Command, HostServices } from '../hostServices';
import { accepted } from '../quickPicks';
import { referenceOf } from '../scans/chooseScan';
import { offerScan } from '../scans/offerScan';
import { sameScan, scanName } from '../scans/scanCatalogue';
import { comparableFolders, scanLines } from '../scans/scanLines';
import { localisation } from '../vscodeLocalisation';

const answersSchema = z.object({ with: z.string() });

/**
 * Shows a scan beside another one of its folder in the review. A scan of the tree is the one that is looked at; from the
 * palette, or for a folder, it is asked for, the one on the screen first. Automation may give `{ with }`, the other's id.
 *
 * @returns the two scans; undefined when the person left, or there is nothing to compare.
 */
export const compareScans: Command = async (
  host,
  given,
  second,
): Promise<{ shown: ScanReference; other: ScanReference } | undefined> => {
  await host.catalogue.load();
  const wanted = referenceOf(given);
  const folder = wanted?.folder ?? (given instanceof Uri ? given.fsPath : null);
  const shown = (wanted && host.catalogue.find(wanted)) ?? (await chooseShown(host, folder));
  if (!shown) return undefined;
  const others = scansOf(host, shown.reference.folder).filter((scan) => scan !== shown);
  const answers = z.safeParse(answersSchema, second).data;
  const other = answers ? scanWithId(others, answers.with) : await chooseOther(shown, others);
  if (!other) return undefined;
  await host.session.compare(shown.reference, other.reference.scanId);
  if (!host.reviewView.visible && !host.reviewEditor.visible) await host.reviewView.reveal(false);
  return { shown: shown.reference, other: other.reference };
};

const scansOf = ({ catalogue }: HostServices, folder: string): ScanSummary[] =>
  catalogue.scans().filter(({ reference }) => reference.folder === folder);

function scanWithId(scans: readonly ScanSummary[], id: string): ScanSummary {
  const found = scans.find(({ reference }) => reference.scanId === id);
  if (!found) throw new UserFacingError(l10n.t('The folder has no other scan with the id {0}.', id));
  return found;
}

/** The scan to look at. Undefined when the person left, or, after saying so, where no folder has two. */
async function chooseShown(host: HostServices, folder: string | null): Promise<ScanSummary | undefined> {
  const comparable = comparableFolders(host.catalogue.scans());
  const folders = comparable.filter((known) => folder === null || known === folder);
  if (folders.length === 0) {
    sayOneScan(folder);
    return undefined;
  }
  return pick(
    host.catalogue.scans().filter(({ reference }) => folders.includes(reference.folder)),
    {
      title: l10n.t('Compare Scans (1/2)'),
      placeholder:
        folders.length === 1
          ? l10n.t('The scan of {0} to look at', scanName({ folder: folders[0], scanId: '' }))
          : l10n.t('The scan to look at'),
      withFolders: folders.length > 1,
      first: host.session.shown,
    },
  );
}

/** The scan that it is held against: where there is one other, that one. */
async function chooseOther(
  shown: ScanSummary,
  others: readonly ScanSummary[],
): Promise<ScanSummary | undefined> {
  if (others.length === 0) {
    sayOneScan(shown.reference.folder);
    return undefined;
  }
  if (others.length === 1) return others[0];
  const [model, classes] = scanTraits(shown, localisation());
  return pick(others, {
    title: l10n.t('Compare Scans (2/2)'),
    placeholder: l10n.t(
      'The scan of {0} to hold against {1}, {2}',
      scanName(shown.reference),
      model,
      classes,
    ),
    withFolders: false,
    first: null,
  });
}

function sayOneScan(folder: string | null): void {
  const said =
    folder === null
      ? l10n.t('No folder has two scans yet. Scan one again with another model, other classes or a combiner.')
      : l10n.t(
          '{0} has one scan, so there is nothing to compare it with. Scan it again with another model, other classes or a combiner.',
          scanName({ folder, scanId: '' }),
        );
  void offerScan(said, folder === null ? undefined : Uri.file(folder));
}

interface Question {
  readonly title: string;
  readonly placeholder: string;
  /** Scans of several folders are listed. */
  readonly withFolders: boolean;
  /** The scan that the choice begins with. */
  readonly first: ScanReference | null;
}

async function pick(
  scans: readonly ScanSummary[],
  { title, placeholder, withFolders, first }: Question,
): Promise<ScanSummary | undefined> {
  const picker = window.createQuickPick<ReturnType<typeof scanLines>[number]>();
  picker.title = title;
  picker.placeholder = placeholder;
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = scanLines(scans, localisation()).map((line) =>
    withFolders ? { ...line, label: `${scanName(line.scan.reference)}: ${line.label}` } : line,
  );
  const beginning = picker.items.find(({ scan }) => sameScan(scan.reference, first));
  if (beginning) picker.activeItems = [beginning];
  return (await accepted(picker))?.scan;
}
