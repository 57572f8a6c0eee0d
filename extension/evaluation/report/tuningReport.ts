import type { CurvePoint, TuningCurve, TuningOutcome } from '../../protocol/tuning';
import { english } from '../../protocol/localisation';
import { heldOutAgainst, tuningVerdict } from '../../protocol/tuningText';
import { cell, percent, problemList } from './markdown';

export interface TuningFacts {
  folder: string;
  /** Where the labels came from. */
  labels: string;
  model: { id: string; version: string };
  classes: readonly string[];
  createdAt: string;
  generator: string;
  problems: readonly { file: string; reason: string }[];
}

/** What a tuning run came to, for a person: the verdict, the figures, the loss curve. @param plots file names and their captions. */
export function tuningReport(
  outcome: TuningOutcome,
  { folder, labels, model, classes, createdAt, generator, problems }: TuningFacts,
  plots: readonly { file: string; caption: string }[],
): string {
  const { figures, tunedOn, tooFew } = outcome;
  return [
    '# Few-shot tuning of the combiner',
    '',
    tuningVerdict(outcome, english),
    '',
    `- Model ${model.id} ${model.version}, ${generator}, ${createdAt}`,
    `- ${classes.length} classes: ${cell(classes.slice(0, 20).join(', '))}${classes.length > 20 ? ', …' : ''}`,
    `- Labels of ${cell(folder)}: ${cell(labels)}`,
    `- ${tunedOn.objects} objects tuned on, at most ${tunedOn.shots} a class (seed ${tunedOn.seed})`,
    ...(tooFew.length > 0
      ? [
          `- Fewer than ${tunedOn.shots}: ${tooFew.map(({ class: name, objects }) => `${cell(name)} ${objects}`).join(', ')}`,
        ]
      : []),
    ...(outcome.combiner === null ? [] : [`- Combiner: ${cell(outcome.combiner)}`]),
    '',
    `## On ${tunedOn.heldOut} held-out objects against ${heldOutAgainst(outcome, english)}`,
    '',
    'In %. AUROC says how well the held-out objects are told from what should score low.',
    '',
    '|  | AUROC | best class right |',
    '|---|--:|--:|',
    `| untuned | ${percent(figures.untuned.separation)} | ${percent(figures.untuned.accuracy)} |`,
    `| tuned (${tunedOn.steps} steps, ${outcome.form}) | ${percent(figures.tuned.separation)} | ${percent(figures.tuned.accuracy)} |`,
    ...plots.flatMap(({ file, caption }) => ['', `![${caption}](${encodeURIComponent(file)})`]),
    '',
    '## The curves in figures',
    '',
    ...outcome.curves.flatMap(curveTable),
    ...problemList('Left out', problems),
    '',
  ].join('\n');
}

function curveTable({ form, points }: TuningCurve): string[] {
  return [
    `### ${form[0].toUpperCase()}${form.slice(1)}`,
    '',
    '| step | loss | AUROC | best class right |',
    '|--:|--:|--:|--:|',
    ...points.map(curveRow),
    '',
  ];
}

function curveRow({ step, loss, heldOut }: CurvePoint): string {
  return `| ${step} | ${loss?.toFixed(3) ?? ''} | ${percent(heldOut.separation)} | ${percent(heldOut.accuracy)} |`;
}
