import type { MethodConfiguration } from '../pipeline/configuration';

/** A part of the method switched off, or done in another way. */
export interface Ablation {
  id: string;
  name: string;
  /** Whether the row is only different where there is a combiner. */
  needsCombiner: boolean;
  /** Whether the background text is made by a network that is trained with the combiner. */
  trainsBackgroundText: boolean;
  apply: (configuration: MethodConfiguration) => MethodConfiguration;
}

/** The rows of the paper's ablation, and the background branch as a whole, which the paper never drops. */
export const ablations: readonly Ablation[] = [
  row('joinedPrompt', 'background text: one prompt of all names', { backgroundText: 'joinedPrompt' }),
  row('averageText', 'background text: plain average', { backgroundText: 'average' }),
  {
    ...row('trainedText', 'background text: a trained MLP', {}),
    needsCombiner: true,
    trainsBackgroundText: true,
  },
  row('noInterImage', 'without inter-image attention', { interImageAttention: false }),
  row('noBackgroundAlignment', 'without background alignment', { backgroundAlignment: false }),
  row('noIntraImage', 'without intra-image attention', { intraImageAttention: false }),
  row('noTargetAlignment', 'without target alignment', { targetAlignment: false }),
  { ...row('noConvolutions', 'without the CNNs', { convolutions: false }), needsCombiner: true },
  row('noBackground', 'without the background branch', { backgroundBranch: false }),
];

function row(id: string, name: string, switches: Partial<MethodConfiguration>): Ablation {
  return {
    id,
    name,
    needsCombiner: false,
    trainsBackgroundText: false,
    apply: (configuration) => ({ ...configuration, ...switches }),
  };
}
