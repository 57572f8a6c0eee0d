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

/** What tuning gave, one form a seed. */
export interface TunedStudy {
  /** As a scan would use it: the form without a combiner where tuning was not worth it. */
  kept: StudiedForm[];
  /** With a combiner that was trained in the form itself, kept or not; empty where no part is switched off. */
  trained: StudiedForm[];
  /** The same, trained without a part: by the name of the ablation. */
  without: ReadonlyMap<string, StudiedForm[]>;
}

export interface StudiedForms {
  /** Not tuned, as a scan has it. */
  form: MethodConfiguration;
  /** Whether the bundle brings a generic combiner, in use or not. */
  bringsCombiner: boolean;
  tuned: TunedStudy | null;
  /** A combiner from a file. */
  combiner: (StudiedForm & { name: string }) | null;
  withAblation: boolean;
}

/**
 * The method as the bundle has it, with or without the combiner that it brings, in the paper's literal form without training,
 * with a tuned combiner where there is one, and, on request, with each of its parts switched off: of the tuned combiner where
 * there is one, else of the form as it is.
 */
export function studyPlan({ form, bringsCombiner, tuned, combiner, withAblation }: StudiedForms): StudyPlan {
  const plan: StudyPlan = { methods: [], forms: [] };
  const add = (method: Method, forms: readonly StudiedForm[]): void => {
    plan.methods.push({ method, forms: forms.map((form) => plan.forms.push(form) - 1) });
  };
  const { genericCombiner } = form.readout;
  const addUntuned = (id: string, configuration: MethodConfiguration): void => {
    const which = configuration.readout.genericCombiner ? 'generic combiner' : 'training-free';
    add({ id, name: `UNI-OOD, ${which}`, group: 'trainingFree' }, [untrained(configuration)]);
  };
  addUntuned('uniOod', form);
  if (bringsCombiner)
    addUntuned(genericCombiner ? 'pooled' : 'generic', {
      ...form,
      readout: { ...form.readout, genericCombiner: !genericCombiner },
    });
  add({ id: 'literal', name: 'UNI-OOD, the paper’s form untrained', group: 'trainingFree' }, [
    untrained({ ...form, readout: literalConfiguration.readout }),
  ]);
  if (combiner)
    add({ id: 'combiner', name: `UNI-OOD, combiner ${combiner.name}`, group: 'tuned' }, [combiner]);
  if (tuned) add({ id: 'tuned', name: 'UNI-OOD, tuned', group: 'tuned' }, tuned.kept);
  if (!withAblation) return plan;
  const part = { group: 'ablation', reference: tuned ? 'trained' : 'uniOod' } as const;
  if (tuned)
    add(
      { ...part, id: 'trained', name: 'nothing: a combiner trained, kept or not', reference: 'uniOod' },
      tuned.trained,
    );
  for (const { id, name, needsCombiner, trainsBackgroundText, apply } of ablations)
    if (tuned) add({ ...part, id, name }, tuned.without.get(id) ?? []);
    else if (!trainsBackgroundText && (genericCombiner || !needsCombiner))
      add({ ...part, id, name }, [untrained(apply(form))]);
  return plan;
}

export function untrained(configuration: MethodConfiguration): StudiedForm {
  return { configuration, combiner: null, backgroundTexts: null };
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
