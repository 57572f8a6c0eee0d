import { formatCount, type Localisation } from './localisation';
import type { ScanProgress } from './scan';

/** How far a scan is, in the same words and figures wherever a person reads it. */
export interface ProgressWords {
  /** "12 of 340 images" */
  readonly images: string;
  readonly objects: string;
  readonly flagged: string;
  /** "about 2 min left"; null while nobody knows. */
  readonly timeLeft: string | null;
}

export function progressWords(progress: ScanProgress, l10n: Localisation): ProgressWords {
  const { images, objects, flagged, secondsLeft } = progress;
  return {
    images: imagesText(images, l10n),
    objects: objectsText(objects, l10n),
    flagged: flaggedText(flagged, l10n),
    timeLeft: secondsLeft === null ? null : timeLeftText(secondsLeft, l10n),
  };
}

/** "12 of 340 images · 57 objects · 9 flagged · about 2 min left" */
export function progressText(progress: ScanProgress, l10n: Localisation): string {
  const { images, objects, flagged, timeLeft } = progressWords(progress, l10n);
  return [images, objects, flagged, ...(timeLeft === null ? [] : [timeLeft])].join(' · ');
}

/** "12 of 340 images" */
export function imagesText(
  { done, total }: Pick<ScanProgress['images'], 'done' | 'total'>,
  l10n: Localisation,
): string {
  if (total === 1) return l10n.t('{0} of 1 image', done);
  return l10n.t('{0} of {1} images', formatCount(done, l10n), formatCount(total, l10n));
}

export function objectsText(objects: number, l10n: Localisation): string {
  return objects === 1 ? l10n.t('1 object') : l10n.t('{0} objects', formatCount(objects, l10n));
}

/** "3 of 57 objects in field-photos do not fit your classes." */
export function finishedText(flagged: number, objects: number, name: string, l10n: Localisation): string {
  const some = formatCount(flagged, l10n);
  const all = formatCount(objects, l10n);
  if (objects === 0) return l10n.t('No object was found in {0}.', name);
  if (objects === 1)
    return flagged === 0
      ? l10n.t('The one object in {0} fits your classes.', name)
      : l10n.t('The one object in {0} does not fit your classes.', name);
  if (flagged === 0) return l10n.t('All {0} objects in {1} fit your classes.', all, name);
  if (flagged === 1) return l10n.t('1 of {0} objects in {1} does not fit your classes.', all, name);
  return l10n.t('{0} of {1} objects in {2} do not fit your classes.', some, all, name);
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
