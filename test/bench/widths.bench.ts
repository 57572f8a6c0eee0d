import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { classListPresets } from '../../extension/dataset/classLists/presets';
import { Engine } from '../../extension/engine/engine';
import { bundleConfiguration, patchConfiguration } from '../../extension/engine/methodDefaults';
import { compareStudies, gatherEvaluationData, studySet } from '../../extension/engine/study/evaluateFolders';
import { readLabelledFolder } from '../../extension/engine/study/labelledPhotos';
import { passShots } from '../../extension/engine/study/passShots';
import { studySettings, type StudyPlan } from '../../extension/engine/study/studyPlan';
import {
  combinerShape,
  tuneInForm,
  tuningTrials,
  type CombinerWidths,
} from '../../extension/engine/study/tuningTrials';
import { usualSourceSettings } from '../../extension/hub/chooseSource';
import { parameterShapes, trainedCombiner } from '../../extension/tuning/combinerParameters';
import { medianOf } from './median';

/**
 * The widths of a combiner: what each gains on objects that tuning has not seen, what a look of five steps takes, and how many
 * parameters there are. Trained without a background, kept or not, on ten shots a class; classes of a preset as ID.
 *
 *   npm run bench -- widths --images <folder> --tune <folder> [--model <bundle>] [--seeds 3]
 */
const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    tune: { type: 'string' },
    model: { type: 'string', default: 'models/embedded' },
    classes: { type: 'string', default: 'voc' },
    seeds: { type: 'string', default: '3' },
  },
});
if (!values.images || !values.tune) throw new Error('--images or --tune is missing');

const tried: CombinerWidths[] = [
  { bottleneck: 4, hidden: 64 },
  { bottleneck: 8, hidden: 64 },
  { bottleneck: 16, hidden: 64 },
  { bottleneck: 32, hidden: 64 },
  { bottleneck: 16, hidden: 16 },
  { bottleneck: 16, hidden: 32 },
  { bottleneck: 16, hidden: 128 },
];
const minimumSide = 32;
const threads = availableParallelism();
const nameOf = ({ bottleneck, hidden }: CombinerWidths): string => `${bottleneck} channels, hidden ${hidden}`;
const percent = (share: number): string => (100 * share).toFixed(1);

async function measure(images: string, tune: string): Promise<void> {
  const { signal } = new AbortController();
  const classes = classListPresets.find(({ id }) => id === values.classes)?.names ?? [];
  const state = mkdtempSync(join(tmpdir(), 'widths-'));
  // The models' threads are started from beside the program.
  copyFileSync('dist/modelWorker.js', join(__dirname, 'modelWorker.js'));
  const engine = new Engine(
    {
      stateDirectory: state,
      embeddedBundle: resolve('models/embedded'),
      threads: 0,
      device: 'cpu',
      modelDirectory: state,
      network: usualSourceSettings,
      modelQuota: null,
      version: 'bench',
    },
    (sentence) => console.error(sentence),
  );
  try {
    const models = await engine.models(resolve(values.model));
    // Widths are compared from zero, not from the bundle's own combiner.
    const base = patchConfiguration(bundleConfiguration(models.bundle.manifest), {
      readout: { genericCombiner: false },
    });
    const trial = tuningTrials(base, models.bundle.manifest).find(
      ({ name }) => name === 'without background',
    )!;
    const labelled = await readLabelledFolder(tune, 'annotations', minimumSide, signal);
    const plan: StudyPlan = { methods: [], forms: [] };
    const looks = tried.map((): number[] => []);
    for (const widths of tried)
      plan.methods.push({
        method: { id: nameOf(widths), name: nameOf(widths), group: 'tuned' },
        forms: [],
      });
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      const options = { classes, base, shots: 10, seed, threads };
      const listener = { counted: () => undefined, passed: () => undefined };
      const passed = await passShots(labelled, models, options, listener, signal);
      for (const [at, widths] of tried.entries()) {
        let last = performance.now();
        const looked = (): void => {
          const now = performance.now();
          looks[at].push(now - last);
          last = now;
        };
        const tuned = await tuneInForm(trial, passed, models, { ...options, widths }, looked, signal);
        const { configuration, parameters } = tuned.bestTrained;
        const combiner = trainedCombiner(parameters);
        plan.methods[at].forms.push(plan.forms.push({ configuration, combiner, backgroundTexts: null }) - 1);
      }
    }
    const data = await gatherEvaluationData(
      { id: images, ood: [], classes, boxes: 'annotations', minimumSide },
      signal,
    );
    await models.openStudy(studySettings(plan, await models.classTexts(classes, base)));
    const seen = new Set<string>();
    const study = (set: typeof data.id): ReturnType<typeof studySet> =>
      studySet(set, models, seen, () => undefined, signal);
    const comparison = compareStudies(plan, await study(data.id), [await study(data.ood[0])], classes);
    for (const [at, widths] of tried.entries()) {
      const { average, accuracy } = comparison.methods.find(({ method }) => method.id === nameOf(widths))!;
      const { mean, deviation } = average.figures.auroc;
      const sizes = [...parameterShapes(combinerShape(models, null, widths)).values()];
      const count = sizes.reduce((sum, sides) => sum + sides.reduce((product, side) => product * side, 1), 0);
      console.log(
        `${nameOf(widths).padEnd(24)} AUROC ${percent(mean)} ± ${percent(deviation ?? 0)}  FPR95 ${percent(average.figures.fpr95.mean)}  best class ${percent(accuracy!.mean)}  five steps ${medianOf(looks[at]).toFixed(0)} ms  ${count} parameters`,
      );
    }
  } finally {
    await engine.dispose();
    rmSync(state, { recursive: true });
  }
}

void measure(resolve(values.images), resolve(values.tune));
