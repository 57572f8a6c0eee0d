import type { MethodConfiguration } from '../../pipeline/configuration';
import type { EvaluationReport } from '../../protocol/evaluation';

type MethodRow = EvaluationReport['comparison']['methods'][number];
type SetRow = MethodRow['average'];

/** The report for a person: what was measured, the tables, what was left out. @param plots file names and their captions. */
export function markdownReport(
  report: EvaluationReport,
  plots: readonly { file: string; caption: string }[],
): string {
  const { comparison } = report;
  const { oodSets } = comparison;
  const groups = (wanted: readonly MethodRow['method']['group'][]): MethodRow[] =>
    comparison.methods.filter(({ method }) => wanted.includes(method.group));
  const ablation = groups(['ablation']);
  return [
    '# How well known objects are told from the rest',
    '',
    ...facts(report),
    '',
    'AUROC and FPR95 in %, ID as the positive class; FPR95 at the largest threshold that keeps 95 % of ID. In brackets the 95 % interval of a bootstrap over pictures; ± is the standard deviation over seeds. “Best class” is the share of ID objects whose best class is their own.',
    '',
    '## Methods',
    '',
    ...table(groups(['baseline', 'trainingFree', 'tuned']), report),
    ...whatTuningKept(report),
    ...(ablation.length > 0 ? ['', '## Without a part of the method', '', ...table(ablation, report)] : []),
    '',
    '## Precision and recall',
    '',
    ...precisionTable(report),
    ...plots.flatMap(({ file, caption }) => ['', `![${caption}](${file})`]),
    ...removedLabels(report),
    ...problemList('Could not be read', report.unreadable),
    ...problemList('Annotations left out', report.problems),
    '',
    `Sets: ID ${comparison.idObjects} objects; ${oodSets.map(({ name, objects, pictures }) => `${cell(name)} ${objects} objects in ${pictures} pictures`).join('; ')}.`,
    '',
  ].join('\n');
}

function facts(report: EvaluationReport): string[] {
  const { model, classes, boxes, minimumSide, detectorThreshold, configuration } = report;
  const { tuning, combiner, photosLeftOut } = report;
  const lines = [
    `- Model ${model.id} ${model.version} (${model.sha256.slice(0, 12)}), ${report.generator}, ${report.createdAt}`,
    `- ${classes.length} classes: ${cell(classes.slice(0, 20).join(', '))}${classes.length > 20 ? ', …' : ''}`,
    `- Boxes: ${cell(boxes)}, sides of ${minimumSide} pixels or more${detectorThreshold === null ? '' : `, detector score ${detectorThreshold.toFixed(3)} or more (where F1 on the ID photos is best, as VOS sets it)`}`,
    `- Form: ${formInWords(configuration)}, box margin ${configuration.views.boxMargin}, ${configuration.prompts.length} prompts`,
  ];
  if (tuning)
    lines.push(
      `- Tuned on ${tuning.shots} objects a class of ${cell(tuning.folder)}, ${tuning.seeds} ${tuning.seeds === 1 ? 'seed' : 'seeds'}`,
    );
  if (combiner)
    lines.push(
      `- Combiner ${cell(combiner.file)} (${combiner.sha256.slice(0, 12)}), tuned on ${combiner.objects} objects of ${cell(combiner.folder)}`,
    );
  if (tuning ?? combiner) lines.push(`- ${photosLeftOut} photos that tuning had seen are not measured`);
  return lines;
}

function table(rows: readonly MethodRow[], { comparison }: EvaluationReport): string[] {
  const names = comparison.oodSets.map(({ name }) => cell(name));
  const several = names.length > 1;
  const columns = [...names, ...(several ? ['average'] : [])];
  const nameOf = (id: string): string =>
    comparison.methods.find(({ method }) => method.id === id)?.method.name ?? id;
  return [
    `| method | ${columns.map((name) => `${name}: AUROC | FPR95`).join(' | ')} | difference in AUROC | best class |`,
    `|---|${columns.map(() => '--:|--:').join('|')}|---|--:|`,
    ...rows.map(({ method, sets, average, accuracy, seeds }) => {
      const cells = [...sets, ...(several ? [average] : [])].flatMap((set) => [
        figure(set, 'auroc'),
        figure(set, 'fpr95'),
      ]);
      const { difference } = average;
      const against = difference
        ? `${signed(difference.mean)} [${signed(difference.interval[0])}, ${signed(difference.interval[1])}] to ${nameOf(difference.to)}`
        : '';
      const right = accuracy ? percent(accuracy.mean) : '';
      return `| ${method.name}${seeds > 1 ? ` (${seeds} seeds)` : ''} | ${cells.join(' | ')} | ${against} | ${right} |`;
    }),
  ];
}

function whatTuningKept({ tuning }: EvaluationReport): string[] {
  if (!tuning) return [];
  return [
    '',
    '## What tuning kept',
    '',
    'On held-out shots. The gain is what is left of the difference when one half of their photos chooses and the other judges, over many ways to halve them; the range is the central 90 % of these. What leads in fewer than 90 % is not kept, as when a folder is tuned on, and the form without a combiner is measured in its place.',
    '',
    '| seed | best form | steps | AUROC untuned | tuned | gain | leads in | kept |',
    '|--:|---|--:|--:|--:|--:|--:|---|',
    ...tuning.runs.map(({ seed, form, steps, kept, figures: { untuned, tuned }, advantage }) => {
      const [low, high] = advantage.range;
      const gain = `${signed(advantage.mean)} [${signed(low)}, ${signed(high)}]`;
      return `| ${seed} | ${form} | ${steps} | ${percent(untuned.separation)} | ${percent(tuned.separation)} | ${gain} | ${percent(advantage.lead)} | ${kept ? 'yes' : 'no'} |`;
    }),
  ];
}

function precisionTable({ comparison }: EvaluationReport): string[] {
  return [
    '| method | AUPR, ID positive | AUPR, OOD positive |',
    '|---|--:|--:|',
    ...comparison.methods.map(
      ({ method, average }) =>
        `| ${method.name} | ${figure(average, 'auprIn')} | ${figure(average, 'auprOut')} |`,
    ),
  ];
}

function figure(set: SetRow, name: keyof SetRow['figures']): string {
  const { mean, deviation } = set.figures[name];
  const [low, high] = set.intervals[name];
  const spread = deviation === null ? '' : ` ± ${percent(deviation)}`;
  return `${percent(mean)}${spread} [${percent(low)}, ${percent(high)}]`;
}

function removedLabels({ removed }: EvaluationReport): string[] {
  if (removed.length === 0) return [];
  return [
    '',
    '## Labels that name a known class',
    '',
    'Their objects are not measured.',
    '',
    ...removed.map(
      ({ set, label, objects, reason }) => `- ${cell(set)}: ${cell(label)}, ${objects} objects (${reason})`,
    ),
  ];
}

const listed = 20;

export function problemList(title: string, problems: readonly { file: string; reason: string }[]): string[] {
  if (problems.length === 0) return [];
  const rest = problems.length - listed;
  return [
    '',
    `## ${title}`,
    '',
    ...problems.slice(0, listed).map(({ file, reason }) => `- ${cell(file)}: ${cell(reason)}`),
    ...(rest > 0 ? [`- … and ${rest} more`] : []),
  ];
}

export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;
}

/** The form of the score: `token map, λ 0.75, γ 0.1, max Ω`. */
export function formInWords({ readout }: MethodConfiguration): string {
  const { tokenMap, genericCombiner, clsShare, backgroundGain, scoreForm } = readout;
  return [
    tokenMap ? 'token map' : 'no token map',
    ...(genericCombiner ? ['generic combiner'] : []),
    `λ ${clsShare}`,
    `γ ${backgroundGain}`,
    scoreForm.kind === 'max' ? 'max Ω' : `softmax of Ω at T = ${scoreForm.temperature}`,
  ].join(', ');
}

/** Names may hold what a table takes for its own. */
export function cell(text: string): string {
  return text.replace(/[|\\`*_<>[\]]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
}
