import { formatCount, type Localisation } from './localisation';
import { objectsText, timeLeftText } from './progressText';
import type { EvaluationProgress, EvaluationStage } from './evaluationRun';
import {
  leadAskedFor,
  type HeldOutFigures,
  type TuningOutcome,
  type TuningProgress,
  type TuningStage,
} from './tuning';

/** What tuning and evaluation say, in the same words wherever a person reads it. */

/** "form 1 of 3 (on the readout) · step 15 of at most 60 · loss 2.311 · AUROC 93.1 % · about 20 s left" */
export function tuningProgressText({ stage, secondsLeft }: TuningProgress, l10n: Localisation): string {
  return withTimeLeft(tuningStageText(stage, l10n), secondsLeft, l10n);
}

function tuningStageText(stage: TuningStage, l10n: Localisation): string {
  const count = (value: number): string => formatCount(value, l10n);
  switch (stage.kind) {
    case 'counted':
      return l10n.t(
        '{0} of {1} classes to tune on, {2} held out, {3} of other labels',
        objectsText(stage.objects, l10n),
        count(stage.classes),
        count(stage.heldOut),
        count(stage.outside),
      );
    case 'passing':
      return l10n.t(
        '{0} of {1} through the image encoder',
        count(stage.objects),
        objectsText(stage.total, l10n),
      );
    case 'stepping':
      return [
        l10n.t('form {0} of {1} ({2})', stage.formNumber, stage.forms, stage.form),
        l10n.t('step {0} of at most {1}', stage.step, stage.steps),
        ...(stage.loss === null ? [] : [l10n.t('loss {0}', decimals(stage.loss, 3, l10n))]),
        l10n.t('AUROC {0} %', percent(stage.separation, l10n)),
      ].join(' · ');
  }
}

/** "34 % · 12 of 40 photos of coco · about 20 s left" */
export function evaluationProgressText(
  { stage, share, secondsLeft }: EvaluationProgress,
  l10n: Localisation,
): string {
  const text = evaluationStageText(stage, l10n);
  const withShare = stage.kind === 'loading' ? text : l10n.t('{0} % · {1}', Math.floor(100 * share), text);
  return withTimeLeft(withShare, secondsLeft, l10n);
}

function evaluationStageText(stage: EvaluationStage, l10n: Localisation): string {
  switch (stage.kind) {
    case 'loading':
      return l10n.t('loading models');
    case 'tuning': {
      const tuning = tuningStageText(stage.stage, l10n);
      return stage.seeds === 1
        ? l10n.t('tuning: {0}', tuning)
        : l10n.t('tuning, seed {0} of {1}: {2}', stage.seed, stage.seeds, tuning);
    }
    case 'measuring':
      return l10n.t(
        '{0} of {1} photos of {2}',
        formatCount(stage.photos, l10n),
        formatCount(stage.total, l10n),
        stage.set,
      );
    case 'comparing':
      return l10n.t('comparing');
  }
}

function withTimeLeft(text: string, secondsLeft: number | null, l10n: Localisation): string {
  return secondsLeft === null ? text : `${text} · ${timeLeftText(secondsLeft, l10n)}`;
}

/** Classes with fewer labels than asked for: "cat 3, dog 1". */
export function tooFewText(tooFew: TuningOutcome['tooFew'], l10n: Localisation): string {
  const named = tooFew.map(({ class: name, objects }) => `${name} ${formatCount(objects, l10n)}`);
  return l10n.t('Fewer labelled objects than asked for: {0}.', named.join(', '));
}

/** Whether tuning was worth it, in plain words. */
export function tuningVerdict(outcome: TuningOutcome, l10n: Localisation): string {
  const { untuned, tuned } = outcome.figures;
  return [
    outcome.worthUsing
      ? l10n.t('The tuned combiner beats the untuned score.')
      : l10n.t(
          'The tuned combiner does not beat the untuned score often enough, so it was not kept; scans go on as before.',
        ),
    leadText(outcome, l10n),
    l10n.t('Tuned: {0}. Untuned: {1}.', figuresText(tuned, l10n), figuresText(untuned, l10n)),
    l10n.t(
      'Judged on {0} that were not tuned on, against {1}.',
      objectsText(outcome.tunedOn.heldOut, l10n),
      heldOutAgainst(outcome, l10n),
    ),
  ].join(' ');
}

/** How sure it is: "Chosen on one half of the held-out photos, it leads on the other in 97 % of the ways to halve them; …" */
export function leadText({ advantage }: Pick<TuningOutcome, 'advantage'>, l10n: Localisation): string {
  return l10n.t(
    'Chosen on one half of the held-out photos, it leads on the other half in {0} % of the ways to halve them; {1} % are asked for.',
    Math.floor(100 * advantage.lead),
    Math.round(100 * leadAskedFor),
  );
}

/** What held-out objects were told from: "8 objects of other labels". */
export function heldOutAgainst({ figures, tunedOn }: TuningOutcome, l10n: Localisation): string {
  return figures.tuned.against === 'outside'
    ? l10n.t('{0} of other labels', objectsText(tunedOn.outside, l10n))
    : l10n.t('the same objects with their own class left out');
}

function figuresText({ separation, accuracy }: HeldOutFigures, l10n: Localisation): string {
  return l10n.t(
    'AUROC {0}\u00a0%, best class right {1}\u00a0%',
    percent(separation, l10n),
    percent(accuracy, l10n),
  );
}

/** A share of 1 in percent, with one decimal. */
export function percent(share: number, l10n: Localisation): string {
  return decimals(100 * share, 1, l10n);
}

function decimals(value: number, digits: number, { language }: Localisation): string {
  return value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
