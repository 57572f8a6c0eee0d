import { RankedScores } from '../../evaluation/metrics';
import { rocPlot, scorePlot, type RocSeries } from '../../evaluation/report/plots';
import type { StudiedSet } from './evaluateFolders';
import { baselineMethods, scoredSet } from './evaluateFolders';
import type { StudyPlan } from './studyPlan';

export interface EvaluationPlot {
  /** Its file beside the report. */
  file: string;
  caption: string;
  svg: string;
}

/** ROC curves of every OOD set, and the scores of all sets by the method as it would be used. Tuned: the first seed. */
export function evaluationPlots(
  plan: StudyPlan,
  id: StudiedSet,
  ood: readonly StudiedSet[],
): EvaluationPlot[] {
  const methods = [
    ...baselineMethods,
    ...plan.methods.map(({ method }) => method).filter(({ group }) => group !== 'ablation'),
  ];
  const idScores = scoredSet(id, plan).scores;
  const oodScores = ood.map((set) => scoredSet(set, plan).scores);
  const rocs = ood.map(({ set }, at) => {
    const series = methods.map(({ id: method, name, group }): RocSeries => {
      const ranked = new RankedScores(idScores.get(method)![0], oodScores[at].get(method)![0]);
      return { name, isBaseline: group === 'baseline', points: ranked.rocCurve() };
    });
    const caption = `ROC: ${id.set.name} against ${set.name}`;
    return { file: `roc-${at + 1}.svg`, caption, svg: rocPlot(caption, series) };
  });
  const used = plan.methods.find(({ method }) => method.group === 'tuned') ?? plan.methods[0];
  const caption = `Scores by ${used.method.name}`;
  const sets = [
    { name: `ID: ${id.set.name}`, scores: idScores.get(used.method.id)![0] },
    ...ood.map(({ set }, at) => ({ name: set.name, scores: oodScores[at].get(used.method.id)![0] })),
  ];
  return [...rocs, { file: 'scores.svg', caption, svg: scorePlot(caption, sets) }];
}
