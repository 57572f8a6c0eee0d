import { l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { classesWithOwnThreshold } from '../../protocol/classThresholds';
import { formatCount, formatScore, type Localisation } from '../../protocol/localisation';
import type { ScanProgress, ScanReference, ScanSummary, Threshold } from '../../protocol/scan';
import type { Verdict } from '../../protocol/results';
import { printable } from '../../protocol/printable';
import { flaggedText, percentDone } from '../../protocol/progressText';
import { classNames, combinerText, distinction, settingsTexts } from '../../protocol/scanText';
import { scanName } from '../scans/scanCatalogue';
import type { FlaggedObject } from '../scans/scanObjects';
import { localisation } from '../vscodeLocalisation';
import { objectUri, scanUri } from './scanDecorations';

/** What the tree shows: scans, and below each its flagged objects. */
export type ScanNode =
  | { readonly kind: 'scan'; readonly reference: ScanReference }
  | { readonly kind: 'object'; readonly reference: ScanReference; readonly object: FlaggedObject }
  | { readonly kind: 'more'; readonly reference: ScanReference; readonly count: number }
  | { readonly kind: 'leftOut'; readonly reference: ScanReference; readonly count: number };

export const openReviewCommand = 'uniOod.openReview';

/**
 * @param failure why it could not go on; null when it was paused.
 * @param others scans of the same folder, which it is told from.
 */
export function scanItem(
  summary: ScanSummary,
  progress: ScanProgress | null,
  failure: string | null,
  others: readonly ScanSummary[],
): TreeItem {
  const item = new TreeItem(scanName(summary.reference), TreeItemCollapsibleState.Collapsed);
  const state = progress ? 'scanning' : summary.state === 'finished' ? 'finished' : 'stopped';
  item.id = nodeId(summary.reference);
  item.resourceUri = scanUri(summary.reference);
  item.contextValue = `scan.${state}`;
  const told = distinction(summary, others, localisation());
  item.description = [...told, scanDescription(summary, progress, failure)].join(' · ');
  item.iconPath = scanIcon(summary, state, failure);
  item.tooltip = scanTooltip(summary);
  return item;
}

export function objectItem(reference: ScanReference, object: FlaggedObject): TreeItem {
  const words = localisation();
  const score = formatScore(object.score, words);
  const { isOnlyClosest } = object;
  const item = new TreeItem(
    isOnlyClosest ? `≈ ${object.class}` : object.class,
    TreeItemCollapsibleState.None,
  );
  item.id = nodeId(reference, object.id);
  item.resourceUri = objectUri(reference, object);
  item.contextValue = object.annotated ? 'object.annotated' : 'object';
  item.description = `${score} · ${printable(object.file)}`;
  item.iconPath = verdictIcon(object.verdict);
  item.tooltip = markdown(
    [printable(object.file)],
    [l10n.t('Closest class: {0} at {1}', object.predictedClass, score)],
    [verdictText(object.verdict)],
  );
  item.accessibilityInformation = {
    label: [
      isOnlyClosest ? l10n.t('closest to {0}', object.class) : object.class,
      l10n.t('score {0}', score),
      verdictText(object.verdict),
      printable(object.file),
    ].join(', '),
  };
  item.command = {
    command: openReviewCommand,
    title: l10n.t('Open Review'),
    arguments: [{ kind: 'object', reference, object } satisfies ScanNode],
  };
  return item;
}

export function moreItem(reference: ScanReference, count: number): TreeItem {
  const item = new TreeItem(l10n.t('… {0} more in the review', formatCount(count, localisation())));
  item.id = nodeId(reference, 'more');
  item.contextValue = 'more';
  item.command = {
    command: openReviewCommand,
    title: l10n.t('Open Review'),
    arguments: [{ kind: 'more', reference, count } satisfies ScanNode],
  };
  return item;
}

export function leftOutItem(reference: ScanReference, count: number): TreeItem {
  const item = new TreeItem(l10n.t('Left out'));
  item.id = nodeId(reference, 'leftOut');
  item.contextValue = 'leftOut';
  item.description = formatCount(count, localisation());
  item.iconPath = new ThemeIcon('warning');
  item.tooltip = l10n.t('Files that could not be read and annotations that could not be used');
  item.accessibilityInformation = { label: l10n.t('Left out: {0}. {1}', item.description, item.tooltip) };
  item.command = {
    command: 'uniOod.showLeftOut',
    title: l10n.t('Show What Was Left Out'),
    arguments: [{ kind: 'leftOut', reference, count } satisfies ScanNode],
  };
  return item;
}

function scanDescription(
  summary: ScanSummary,
  progress: ScanProgress | null,
  failure: string | null,
): string {
  const words = localisation();
  const flagged = flaggedText(summary.flagged, words);
  const percent = percentDone(summary.images);
  if (progress) return l10n.t('{0} % · {1}', percent, flagged);
  if (summary.state !== 'finished' && failure !== null)
    return l10n.t('stopped at {0} % · {1}', percent, flagged);
  if (summary.state !== 'finished') return l10n.t('paused at {0} % · {1}', percent, flagged);
  if (isAllReviewed(summary)) return l10n.t('{0} · all reviewed', flagged);
  return l10n.t('{0} · {1} reviewed', flagged, formatCount(summary.reviewedFlagged, words));
}

const isAllReviewed = ({ flagged, reviewedFlagged }: ScanSummary): boolean =>
  flagged > 0 && reviewedFlagged >= flagged;

function scanIcon(
  summary: ScanSummary,
  state: 'scanning' | 'finished' | 'stopped',
  failure: string | null,
): ThemeIcon {
  if (state === 'scanning') return new ThemeIcon('sync~spin');
  if (state === 'stopped') return new ThemeIcon(failure === null ? 'debug-pause' : 'warning');
  return new ThemeIcon(isAllReviewed(summary) ? 'pass' : 'folder');
}

function scanTooltip(summary: ScanSummary): MarkdownString {
  const words = localisation();
  const { reference, classes, model, threshold, images, objects, createdAt } = summary;
  return markdown(
    [reference.folder],
    [
      l10n.t('{0} images, {1} objects', formatCount(images.done, words), formatCount(objects, words)),
      l10n.t('Boxes: {0}', summary.boxesOrigin),
    ],
    [l10n.t('{0} classes: {1}', formatCount(classes.length, words), classNames(classes, words))],
    [
      l10n.t('δ {0}: {1}', formatScore(threshold.value, words), threshold.origin),
      ...ownThresholds(threshold, words),
    ],
    [
      l10n.t('Model: {0} {1}', model.id, model.version),
      combinerText(summary.combiner, words),
      ...settingsTexts(summary.settings, words),
      ...(summary.deviceFallback === null ? [] : [summary.deviceFallback]),
      l10n.t('Scanned {0}', new Date(createdAt).toLocaleString(words.language)),
    ],
  );
}

/** The classes that have a δ of their own, with it; nothing where none has. */
function ownThresholds(threshold: Threshold, words: Localisation): string[] {
  const own = classesWithOwnThreshold(threshold).map(
    ({ class: name, offset }) => `${name} ${formatScore(threshold.value + offset, words)}`,
  );
  if (own.length === 0) return [];
  return [l10n.t('δ of their own: {0}', classNames(own, words))];
}

/** Paragraphs of lines, each as plain text: file names may hold anything. */
function markdown(...paragraphs: string[][]): MarkdownString {
  const text = new MarkdownString();
  paragraphs.forEach((lines, paragraph) => {
    if (paragraph > 0) text.appendMarkdown('\n\n');
    lines.forEach((line, index) => {
      if (index > 0) text.appendMarkdown('  \n');
      text.appendMarkdown(escaped(line));
    });
  });
  return text;
}

/** Plain text as Markdown. `appendText` would forbid the line to break between words. */
function escaped(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

function verdictIcon(verdict: Verdict | null): ThemeIcon {
  switch (verdict) {
    case 'ood':
      return new ThemeIcon('circle-slash', new ThemeColor('charts.orange'));
    case 'id':
      return new ThemeIcon('pass-filled', new ThemeColor('charts.blue'));
    case 'ignored':
      return new ThemeIcon('dash');
    case null:
      return new ThemeIcon('circle-outline');
  }
}

function verdictText(verdict: Verdict | null): string {
  switch (verdict) {
    case 'ood':
      return l10n.t('out of distribution');
    case 'id':
      return l10n.t('in distribution');
    case 'ignored':
      return l10n.t('ignored');
    case null:
      return l10n.t('not reviewed');
  }
}

const nodeId = ({ folder, scanId }: ScanReference, part = ''): string => `${folder}#${scanId}#${part}`;
