import { describe, expect, it } from 'vitest';
import type { TuningCurve } from '../../protocol/tuning';
import { rocPlot, tuningPlots } from './plots';

/** Where a text of the drawing stands, in pixels from its top. */
function heightOf(svg: string, text: string): number {
  const found = new RegExp(
    `<text[^>]*transform="translate\\(([\\d.]+) ([\\d.]+)\\)"[^>]*>${text}</text>`,
  ).exec(svg);
  if (!found) throw new Error(`There is no "${text}" in the plot.`);
  return Number(found[2]);
}

function expectBelow(svg: string, axis: string, names: readonly string[]): void {
  for (const name of names) expect(heightOf(svg, name)).toBeGreaterThan(heightOf(svg, axis) + 14);
}

const points = [{ step: 0, loss: 1, heldOut: { accuracy: 1, separation: 1, against: 'outside' as const } }];

describe('the legend of a plot', () => {
  it.each([
    [['on the readout', 'without background', 'with a quarter of the background']],
    [
      [
        'on the readout',
        'from the model’s combiner',
        'without background',
        'with a quarter of the background',
      ],
    ],
    [['as configured']],
  ])('stands below the axis, however many rows it takes: %j', (forms) => {
    const curves: TuningCurve[] = forms.map((form) => ({ form, points }));
    for (const { svg } of tuningPlots(curves)) expectBelow(svg, 'step', forms);
  });

  it('stands below the axis of ROC curves', () => {
    const names = [
      ...['max cosine', 'MCM', 'GL-MCM', 'RUNA-like', 'UNI-OOD, training-free', 'UNI-OOD, generic combiner'],
      ...['UNI-OOD, the paper’s form untrained', 'UNI-OOD, combiner own.safetensors', 'UNI-OOD, tuned'],
    ];
    const roc = [
      { threshold: 1, falsePositiveRate: 0, truePositiveRate: 0 },
      { threshold: 0, falsePositiveRate: 1, truePositiveRate: 1 },
    ];
    const svg = rocPlot(
      'a set',
      names.map((name) => ({ name, isBaseline: false, points: roc })),
    );
    expectBelow(svg, 'false-positive rate \\(OOD kept\\)', names);
  });
});
