import { english } from '../protocol/localisation';
import type { TuningCurve, TuningOutcome } from '../protocol/tuning';
import { heldOutAgainst, leadText } from '../protocol/tuningText';
import { sparkline } from './sparkline';

/** What tuning came to, for a person at a terminal. */
export function tuneReport(outcome: TuningOutcome): string {
  const { figures, tunedOn, form, curves, combiner, report } = outcome;
  const { untuned, tuned } = figures;
  const lines = [
    `On ${tunedOn.heldOut} held-out objects against ${heldOutAgainst(outcome, english)}:`,
    `  untuned  AUROC ${percent(untuned.separation)}  best class right ${percent(untuned.accuracy)}`,
    `  tuned    AUROC ${percent(tuned.separation)}  best class right ${percent(tuned.accuracy)}  (${tunedOn.steps} steps, ${form})`,
    `  ${leadText(outcome, english)}`,
    ...curves.map(lossLine),
    combiner === null
      ? 'The tuned combiner does not tell them apart better than the model as it is often enough, so it was not written.'
      : `Written to ${combiner}. Scan with it: --combiner ${combiner}`,
    `Curves and figures: ${report}`,
  ];
  return `${lines.join('\n')}\n`;
}

function lossLine({ form, points }: TuningCurve): string {
  const losses = points.flatMap(({ loss }) => loss ?? []);
  if (losses.length === 0) return `  loss     none  ${form}`;
  return `  loss     ${losses[0].toFixed(3)} ${sparkline(losses)} ${losses.at(-1)!.toFixed(3)}  ${form}`;
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
