import type { Localisation } from '../../protocol/localisation';
import { imageNetShots, paperShots, usualShots } from '../../protocol/tuning';

/** A number that is offered, and what speaks for it. */
export interface OfferedNumber {
  readonly value: number;
  readonly description?: string;
  readonly detail?: string;
}

/** One line of the choice of a number. */
export interface NumberLine {
  /** Null: one that the person types. */
  readonly value: number | null;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** Tuning runs with other shots, whose mean and deviation are reported; the paper's. */
const usualSeeds = 5;

/** Shots of a class list, the usual ones first. */
export function shotsLines(classes: number, l10n: Localisation): NumberLine[] {
  return lines(
    usualShots(classes),
    [
      { value: 5 },
      { value: paperShots, description: l10n.t('as in the paper') },
      { value: imageNetShots, description: l10n.t('as in the paper for ImageNet') },
    ],
    l10n,
  );
}

/** Tuning runs, the usual ones first. */
export function seedsLines(l10n: Localisation): NumberLine[] {
  return lines(
    usualSeeds,
    [
      {
        value: 1,
        description: l10n.t('the quickest'),
        detail: l10n.t('One run says nothing of how far runs differ'),
      },
      { value: 3 },
      { value: usualSeeds, description: l10n.t('as in the paper') },
      { value: 10 },
    ],
    l10n,
  );
}

/** What is usual comes first, where a press of Enter takes it; the last line is for any other. */
function lines(usual: number, offered: readonly OfferedNumber[], l10n: Localisation): NumberLine[] {
  const sorted = [
    ...offered.filter(({ value }) => value === usual),
    ...offered.filter(({ value }) => value !== usual),
  ];
  return [
    ...sorted.map((line) => ({ ...line, label: String(line.value) })),
    { value: null, label: l10n.t('Another Number…') },
  ];
}
