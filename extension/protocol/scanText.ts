import { formatCount, formatTime, type Localisation } from './localisation';
import { objectsText } from './progressText';
import type { ScanSummary } from './scan';

/** "1 class", "20 classes" */
export function classesText(count: number, l10n: Localisation): string {
  return count === 1 ? l10n.t('1 class') : l10n.t('{0} classes', formatCount(count, l10n));
}

/** "cat, dog, horse and 17 more" */
export function classNames(classes: readonly string[], l10n: Localisation, shown = 8): string {
  const names = classes.slice(0, shown).join(', ');
  if (classes.length <= shown) return names;
  return l10n.t('{0} and {1} more', names, formatCount(classes.length - shown, l10n));
}

export function combinerText(combiner: ScanSummary['combiner'], l10n: Localisation): string {
  if (!combiner) return l10n.t('Combiner: none tuned');
  return l10n.t('Combiner: tuned on {0} of {1}', objectsText(combiner.objects, l10n), combiner.folder);
}

/** What a scan was asked to be where that is not the usual, so that two scans of a folder can be told apart. */
export function settingsTexts(settings: ScanSummary['settings'], l10n: Localisation): string[] {
  const { detector, configuration } = settings ?? {};
  const { prompts, aliases, views } = configuration ?? {};
  return [
    ...(detector === undefined ? [] : [l10n.t('Detector: {0}', detector)]),
    ...(prompts === undefined
      ? []
      : [l10n.t('Prompts: {0}', typeof prompts === 'string' ? prompts : prompts.join(', '))]),
    ...(views?.background === 'shared' ? [l10n.t('Fast: the objects of a photo share one background')] : []),
    ...Object.entries(aliases ?? {}).map(([name, others]) =>
      l10n.t('{0} is also called {1}', name, others.join(', ')),
    ),
  ];
}

/** What a scan was made with, that of which it has none left out: model, classes, combiner, boxes, unusual settings. */
export function scanTraits(scan: ScanSummary, l10n: Localisation): string[] {
  return traits(scan, l10n).map(({ text }) => text);
}

/** Those traits of a scan that another one of its folder does not have; empty where they differ in nothing that is told. */
export function differingTraits(scan: ScanSummary, other: ScanSummary, l10n: Localisation): string[] {
  const known = new Set(traits(other, l10n).map(({ identity }) => identity));
  return traits(scan, l10n).flatMap(({ identity, text }) => (known.has(identity) ? [] : [text]));
}

/**
 * In few words what tells a scan from the others of its folder: model, number of classes, whether it is tuned, and its time where
 * that does not. Nothing where it is the only one.
 */
export function distinction(scan: ScanSummary, others: readonly ScanSummary[], l10n: Localisation): string[] {
  const differs = (of: (one: ScanSummary) => unknown): boolean =>
    others.some((other) => of(other) !== of(scan));
  const isModelTold = differs(({ model }) => model.sha256);
  const areClassesTold = differs(({ classes }) => JSON.stringify(classes));
  const words = ({ model, classes, combiner }: ScanSummary): string[] => [
    ...(isModelTold ? [`${model.id} ${model.version}`] : []),
    ...(areClassesTold ? [classesText(classes.length, l10n)] : []),
    ...(combiner && differs((one) => one.combiner?.sha256) ? [l10n.t('tuned')] : []),
  ];
  const own = words(scan);
  const isTold = others.every((other) => words(other).join() !== own.join());
  return isTold ? own : [...own, formatTime(scan.createdAt, l10n)];
}

/** A text may leave out what two scans differ in; the identity does not. */
function traits(scan: ScanSummary, l10n: Localisation): { text: string; identity: string }[] {
  const { model, classes, combiner, boxesOrigin, settings } = scan;
  const plain = (text: string): { text: string; identity: string } => ({ text, identity: text });
  return [
    { text: `${model.id} ${model.version}`, identity: model.sha256 },
    {
      text: `${classesText(classes.length, l10n)}: ${classNames(classes, l10n, 4)}`,
      identity: JSON.stringify(classes),
    },
    ...(combiner ? [{ text: combinerText(combiner, l10n), identity: combiner.sha256 }] : []),
    plain(l10n.t('Boxes: {0}', boxesOrigin)),
    ...settingsTexts(settings, l10n).map(plain),
  ];
}
