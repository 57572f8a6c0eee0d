import { basename } from 'node:path';
import type { ClassListOffer } from '../../protocol/engine';
import type { Localisation } from '../../protocol/localisation';
import { classesText, classNames } from '../../protocol/scanText';

export type ClassListChoice =
  | { kind: 'offer'; offer: Pick<ClassListOffer, 'classes'> }
  /** A file of the folder that should say something and cannot be read. */
  | { kind: 'problem'; file: string }
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

/** What a folder says of its classes, and the list that was used for it last; null: none was. */
export interface KnownClassLists {
  readonly inUse: readonly string[] | null;
  readonly offers: readonly ClassListOffer[];
  readonly problems: readonly { file: string; reason: string }[];
}

/** The lines of the class list pick: the list in use, what the folder itself says, then presets, then other ways. */
export function classListLines(
  { inUse, offers, problems }: KnownClassLists,
  l10n: Localisation,
): ClassListLine[] {
  const heading = (label: string): ClassListLine => ({ choice: { kind: 'heading' }, label });
  const line = (offer: ClassListOffer): ClassListLine => ({
    choice: { kind: 'offer', offer },
    label: offer.label,
    detail: offer.detail,
  });
  const own: ClassListLine[] = [
    ...offers.filter(({ kind }) => kind === 'folder').map(line),
    ...problems.map(({ file, reason }): ClassListLine => ({
      choice: { kind: 'problem', file },
      label: `$(warning) ${basename(file)}`,
      detail: reason,
    })),
  ];
  const presets = offers.filter(({ kind }) => kind === 'preset');
  return [
    ...(inUse
      ? [
          heading(l10n.t('In use for this folder')),
          {
            choice: { kind: 'offer' as const, offer: { classes: [...inUse] } },
            label: classNames(inUse, l10n, 4),
            description: classesText(inUse.length, l10n),
          },
        ]
      : []),
    ...(own.length > 0 ? [heading(l10n.t('From this folder')), ...own] : []),
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
