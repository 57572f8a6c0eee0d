import type { CombinerHeader } from '../hub/combinerFile';
import type { TuningResult } from '../engine/study/tuneFolder';

/** What tuning came to, for a person at a terminal. */
export function tuneReport({ header, worthUsing }: TuningResult, output: string): string {
  const { untuned, tuned } = header.figures;
  const against =
    tuned.against === 'outside'
      ? `${header.tunedOn.outside} objects of other labels`
      : 'the same objects with their own class left out';
  const lines = [
    `On ${header.tunedOn.heldOut} held-out objects against ${against}:`,
    `  untuned  AUROC ${percent(untuned.separation)}  best class right ${percent(untuned.accuracy)}`,
    `  tuned    AUROC ${percent(tuned.separation)}  best class right ${percent(tuned.accuracy)}  (${header.tunedOn.steps} steps, ${formOf(header)})`,
    worthUsing
      ? `Written to ${output}. Scan with it: --combiner ${output}`
      : 'The tuned combiner tells them apart no better than the model as it is, so it was not written.',
  ];
  return `${lines.join('\n')}\n`;
}

function formOf({ method: { readout } }: CombinerHeader): string {
  return [
    readout.tokenMap ? 'token map' : 'no token map',
    `λ ${readout.clsShare}`,
    `γ ${readout.backgroundGain}`,
  ].join(', ');
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
