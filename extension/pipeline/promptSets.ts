const ofArticle = (wording: string): string[] => [wording.replace('*', 'a'), wording.replace('*', 'the')];

/** Wordings of CLIP's zero-shot evaluation on ImageNet (Radford et al. 2021), 80 in all. */
const clip80: readonly string[] = [
  ...[
    'a bad photo of * {}.',
    'a sculpture of * {}.',
    'a photo of * hard to see {}.',
    'a low resolution photo of * {}.',
    'a rendering of * {}.',
    'graffiti of * {}.',
    'a cropped photo of * {}.',
    'a tattoo of * {}.',
    '* embroidered {}.',
    'a bright photo of * {}.',
    'a photo of * clean {}.',
    'a photo of * dirty {}.',
    'a dark photo of * {}.',
    'a drawing of * {}.',
    '* plastic {}.',
    'a photo of * cool {}.',
    'a close-up photo of * {}.',
    'a black and white photo of * {}.',
    'a painting of * {}.',
    'a pixelated photo of * {}.',
    'a jpeg corrupted photo of * {}.',
    'a blurry photo of * {}.',
    'a photo of * {}.',
    'a good photo of * {}.',
    '* {} in a video game.',
    'a doodle of * {}.',
    '* origami {}.',
    'a sketch of * {}.',
    '* toy {}.',
    'a rendition of * {}.',
    'a photo of * large {}.',
    'a photo of * nice {}.',
    'a photo of * weird {}.',
    'a photo of * small {}.',
    '* cartoon {}.',
    'art of * {}.',
    'itap of * {}.',
    '* plushie {}.',
  ].flatMap(ofArticle),
  'a photo of many {}.',
  'a photo of my {}.',
  'a photo of one {}.',
  'itap of my {}.',
];

/**
 * Prompt templates by name: `single`, the paper's one; `short`, seven that are worth most of the eighty; `clip80`, those of
 * CLIP's own evaluation.
 */
export const promptSets = {
  single: ['a photo of a {}'],
  short: [
    'a photo of a {}',
    'a {}',
    'a photo of the {}',
    'a small photo of a {}',
    'a cropped photo of a {}',
    'a close-up photo of a {}',
    'a blurry photo of a {}',
  ],
  clip80,
} as const satisfies Record<string, readonly string[]>;

export type PromptSetName = keyof typeof promptSets;
export const promptSetNames = Object.keys(promptSets) as PromptSetName[];
