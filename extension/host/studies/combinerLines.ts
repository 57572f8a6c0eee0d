import type { CombinerListing } from '../../protocol/tuning';
import { objectsText } from '../../protocol/progressText';
import { formatCount, formatTime, type Localisation } from '../../protocol/localisation';
import { classNames } from '../../protocol/scanText';
import { percent } from '../../protocol/tuningText';

export type CombinerChoice =
  | { kind: 'none' }
  | { kind: 'combiner'; combiner: CombinerListing }
  | { kind: 'damaged'; reason: string }
  | { kind: 'file' }
  | { kind: 'heading' };

/** One line of the choice of a combiner; headings stand between groups. */
export interface CombinerLine {
  readonly choice: CombinerChoice;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** Whether new scans use it. */
  readonly isInUse?: boolean;
}

/** What there is to choose from. */
export interface KnownCombiners {
  readonly combiners: readonly CombinerListing[];
  readonly damaged: readonly { path: string; reason: string }[];
  /** The file that new scans use; null: none. */
  readonly inUse: string | null;
}

/** The lines of the choice of a combiner: none, those that fit the model, those that do not and why, and a file. */
export function combinerLines(
  { combiners, damaged, inUse }: KnownCombiners,
  l10n: Localisation,
): CombinerLine[] {
  const used = (path: string | null): string[] => (path === inUse ? [l10n.t('in use')] : []);
  const line = (combiner: CombinerListing): CombinerLine => ({
    choice: { kind: 'combiner', combiner },
    label: combiner.folder,
    description: [formatTime(combiner.createdAt, l10n), ...used(combiner.path)].join(' · '),
    detail: combiner.refusal ?? combinerDetail(combiner, l10n),
    isInUse: combiner.path === inUse,
  });
  const group = (label: string, lines: CombinerLine[]): CombinerLine[] =>
    lines.length > 0 ? [{ choice: { kind: 'heading' }, label }, ...lines] : [];
  return [
    {
      choice: { kind: 'none' },
      label: l10n.t('No Tuned Combiner'),
      description: [l10n.t('untuned'), ...used(null)].join(' · '),
      detail: l10n.t('Scores of the model as it comes'),
      isInUse: inUse === null,
    },
    ...group(l10n.t('Fit the model'), combiners.filter(({ refusal }) => refusal === null).map(line)),
    ...group(l10n.t('Fit another model'), combiners.filter(({ refusal }) => refusal !== null).map(line)),
    ...group(
      l10n.t('Damaged'),
      damaged.map(({ path, reason }) => ({
        choice: { kind: 'damaged', reason },
        label: path,
        description: used(path).join(),
        detail: reason,
        isInUse: path === inUse,
      })),
    ),
    ...group(l10n.t('Other'), [
      {
        choice: { kind: 'file' },
        label: l10n.t('Choose a File…'),
        description: l10n.t('a combiner that uni-ood tune or someone else made'),
      },
    ]),
  ];
}

function combinerDetail({ figures, objects, classes }: CombinerListing, l10n: Localisation): string {
  return [
    l10n.t(
      'AUROC {0} %, untuned {1} %',
      percent(figures.tuned.separation, l10n),
      percent(figures.untuned.separation, l10n),
    ),
    l10n.t(
      '{0} of {1} classes: {2}',
      objectsText(objects, l10n),
      formatCount(classes.length, l10n),
      classNames(classes, l10n, 5),
    ),
  ].join(' · ');
}
