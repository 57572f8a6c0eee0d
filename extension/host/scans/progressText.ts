import type { ScanProgress } from '../../protocol/scan';
import { formatCount, type Localisation } from '../localisation';

/** "12 of 340 images · 57 objects · 9 flagged · about 2 min left" */
export function progressText(progress: ScanProgress, l10n: Localisation): string {
  const { images, secondsLeft } = progress;
  const parts = [
    l10n.t('{0} of {1} images', formatCount(images.done, l10n), formatCount(images.total, l10n)),
    objectsText(progress.objects, l10n),
    flaggedText(progress.flagged, l10n),
  ];
  if (secondsLeft !== null) parts.push(timeLeftText(secondsLeft, l10n));
  return parts.join(' · ');
}

export function objectsText(objects: number, l10n: Localisation): string {
  return objects === 1 ? l10n.t('1 object') : l10n.t('{0} objects', formatCount(objects, l10n));
}

export function flaggedText(flagged: number, l10n: Localisation): string {
  return l10n.t('{0} flagged', formatCount(flagged, l10n));
}

/** The time left in the coarsest words that still help, rounded up so that it is seldom too hopeful. */
export function timeLeftText(seconds: number, l10n: Localisation): string {
  if (seconds < 10) return l10n.t('a few seconds left');
  if (seconds <= 50) return l10n.t('about {0} s left', Math.ceil(seconds / 10) * 10);
  const minutes = Math.ceil(seconds / 60 - 0.1);
  if (minutes < 60) return l10n.t('about {0} min left', minutes);
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0
    ? l10n.t('about {0} h left', hours)
    : l10n.t('about {0} h {1} min left', hours, minutes % 60);
}

/** Whole percent of the images done; 100 only when all are. */
export function percentDone({ total, done }: { total: number; done: number }): number {
  return total === 0 ? 0 : Math.floor((100 * done) / total);
}
