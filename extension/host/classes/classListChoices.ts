import type { ClassListOffer } from '../../protocol/engine';
import { formatCount, type Localisation } from '../../protocol/localisation';

export type ClassListChoice =
  | { kind: 'offer'; offer: ClassListOffer }
  /** A preset name, a file or names, as typed. */
  | { kind: 'typed'; names: string }
  | { kind: 'file' }
  | { kind: 'names' }
  | { kind: 'heading' };

/** One line of the quick pick; the headings stand between groups. */
export interface ClassListLine {
  readonly choice: ClassListChoice;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** The lines of the class list pick: what the folder itself says first, then presets, then other ways. */
export function classListLines(offers: readonly ClassListOffer[], l10n: Localisation): ClassListLine[] {
  const heading = (label: string): ClassListLine => ({ choice: { kind: 'heading' }, label });
  const line = (offer: ClassListOffer): ClassListLine => ({
    choice: { kind: 'offer', offer },
    label: offer.label,
    detail: offer.detail,
  });
  const own = [
    ...offers.filter(({ kind }) => kind === 'remembered'),
    ...offers.filter(({ kind }) => kind === 'folder'),
  ];
  const presets = offers.filter(({ kind }) => kind === 'preset');
  return [
    ...(own.length > 0 ? [heading(l10n.t('From this folder')), ...own.map(line)] : []),
    ...(presets.length > 0 ? [heading(l10n.t('Well-known class lists')), ...presets.map(line)] : []),
    heading(l10n.t('Other')),
    {
      choice: { kind: 'file' },
      label: l10n.t('Choose a File…'),
      description: l10n.t('one name a line, a YOLO data.yaml or a COCO JSON file'),
    },
    {
      choice: { kind: 'names' },
      label: l10n.t('Type Names…'),
      description: l10n.t('separated by commas or semicolons'),
    },
  ];
}

/** "cat, dog, horse and 17 more" */
export function classNames(classes: readonly string[], l10n: Localisation, shown = 8): string {
  const names = classes.slice(0, shown).join(', ');
  if (classes.length <= shown) return names;
  return l10n.t('{0} and {1} more', names, formatCount(classes.length - shown, l10n));
}
