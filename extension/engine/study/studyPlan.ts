import { ablations } from '../../evaluation/ablation';
import type { Method } from '../../evaluation/comparison';
import type { TrainedCombiner } from '../../pipeline/combiner';
import { literalConfiguration, type MethodConfiguration } from '../../pipeline/configuration';
import type { ClassTexts } from '../../pipeline/backgroundText';
import { prepareTexts, type PreparedTexts } from '../../pipeline/scoreObject';
import type { ScanSetting } from '../models/scanImage';

/** One form of the method: its switches, and the combiner where one was tuned in it. */
export interface StudiedForm {
  configuration: MethodConfiguration;
  combiner: TrainedCombiner | null;
  /** M̃, C × D, where it was trained with the combiner; null: as configured. */
  backgroundTexts: Float32Array | null;
}

/** The methods of a study, each with the places of its forms: one, or one a seed. */
export interface StudyPlan {
  methods: { method: Method; forms: number[] }[];
  forms: StudiedForm[];
}

/** A combiner tuned with one seed in one form; the name of an ablation where it was tuned without a part. */
export interface TunedForm extends StudiedForm {
  ablation: string | null;
  seed: number;
}

/**
 * The method as the bundle has it, in the paper's literal form without training, tuned where it was, and, on request, with
 * each of its parts switched off: of the tuned combiners where there are any, else of the bundle's form.
 */
export function studyPlan(
  bundleForm: MethodConfiguration,
  tuned: readonly TunedForm[],
  withAblation: boolean,
): StudyPlan {
  const plan: StudyPlan = { methods: [], forms: [] };
  const add = (method: Method, forms: readonly StudiedForm[]): void => {
    plan.methods.push({ method, forms: forms.map((form) => plan.forms.push(form) - 1) });
  };
  const untrained = (configuration: MethodConfiguration): StudiedForm => ({
    configuration,
    combiner: null,
    backgroundTexts: null,
  });
  add({ id: 'uniOod', name: 'UNI-OOD, training-free', group: 'trainingFree' }, [untrained(bundleForm)]);
  add({ id: 'literal', name: 'UNI-OOD, the paper’s form untrained', group: 'trainingFree' }, [
    untrained({ ...bundleForm, readout: literalConfiguration.readout }),
  ]);
  const whole = tuned.filter(({ ablation }) => ablation === null);
  if (whole.length > 0) add({ id: 'tuned', name: 'UNI-OOD, tuned', group: 'tuned' }, whole);
  if (withAblation)
    for (const { id, name, needsCombiner, apply } of ablations) {
      const forms = tuned.filter(({ ablation }) => ablation === id);
      if (forms.length > 0) add({ id, name, group: 'ablation' }, forms);
      else if (whole.length === 0 && !needsCombiner)
        add({ id, name, group: 'ablation' }, [untrained(apply(bundleForm))]);
    }
  return plan;
}

/** The forms as the models take them; forms with the same texts share them. */
export function studySettings({ forms }: StudyPlan, classTexts: ClassTexts): ScanSetting[] {
  const prepared = new Map<MethodConfiguration['backgroundText'], PreparedTexts>();
  return forms.map(({ configuration, combiner, backgroundTexts }) => {
    const { backgroundText } = configuration;
    const texts = prepared.get(backgroundText) ?? prepareTexts(classTexts, configuration);
    prepared.set(backgroundText, texts);
    return {
      texts: backgroundTexts ? { ...texts, backgroundTexts } : texts,
      method: configuration,
      combiner,
    };
  });
}
