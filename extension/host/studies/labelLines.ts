import { basename } from 'node:path';
import { formatCount, type Localisation } from '../../protocol/localisation';
import { objectsText } from '../../protocol/progressText';
import type { LabelSource, ReviewedLabels } from '../../protocol/tuning';

/** What a folder has that can be tuned on. */
export interface KnownLabels {
  readonly annotations: { readonly format: string; readonly source: string } | null;
  readonly reviewed: ReviewedLabels | null;
}

/** One line of the choice of labels. */
export interface LabelLine {
  /** Null: a file or folder to choose. */
  readonly labels: LabelSource | null;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** The lines of the choice of labels: annotations, verdicts, both, and what lies elsewhere. */
export function labelLines({ annotations, reviewed }: KnownLabels, l10n: Localisation): LabelLine[] {
  const lines: LabelLine[] = [];
  if (annotations)
    lines.push({
      labels: { boxes: 'annotations', reviewed: null },
      label: l10n.t('Annotations'),
      description: `${annotations.format}, ${basename(annotations.source)}`,
    });
  const verdicts = reviewed && { scanId: reviewed.scanId };
  if (annotations && reviewed)
    lines.push({
      labels: { boxes: 'annotations', reviewed: verdicts },
      label: l10n.t('Annotations and Review Verdicts'),
      detail: l10n.t('Where both say something of an object, the verdict counts.'),
    });
  if (reviewed)
    lines.push({
      labels: { boxes: null, reviewed: verdicts },
      label: l10n.t('Review Verdicts'),
      detail: verdictsText(reviewed, l10n),
    });
  lines.push({
    labels: null,
    label: l10n.t('Choose Annotations…'),
    description: l10n.t('a file or a folder that lies elsewhere'),
  });
  return lines;
}

/** "8 objects in distribution: cat 5, dog 3 · 2 objects out of distribution" */
function verdictsText({ identified, outside }: ReviewedLabels, l10n: Localisation): string {
  const total = identified.reduce((sum, { objects }) => sum + objects, 0);
  const shown = identified
    .slice(0, 6)
    .map(({ class: name, objects }) => `${name} ${formatCount(objects, l10n)}`);
  const names = identified.length > shown.length ? [...shown, '…'] : shown;
  return [
    l10n.t('{0} in distribution: {1}', objectsText(total, l10n), names.join(', ')),
    ...(outside > 0 ? [l10n.t('{0} out of distribution', objectsText(outside, l10n))] : []),
  ].join(' · ');
}
