import { describe, expect, it } from 'vitest';
import {
  classes,
  classTexts,
  dimension,
  headWidth,
  model,
  objects,
  oracle,
  passesOf,
  perObject,
  tokens,
} from '../../test/fixtures/clipTiny';
import { largestDifference } from '../../test/fixtures/oracle';
import { backgroundTexts } from './backgroundText';
import { literalConfiguration, type BackgroundTextForm, type MethodConfiguration } from './configuration';
import { crossAttention } from './crossAttention';
import { interTextAttention } from './interTextAttention';
import { scoreObject, type PreparedTexts } from './scoreObject';
import { unitRows } from './vectors';

const texts = (background: Float32Array): PreparedTexts => ({
  classes,
  dimension,
  classTexts,
  backgroundTexts: unitRows(background, dimension),
});
/** Background texts from texts that are not at unit length, as most of the oracle's rows have them. */
const rawBackground = (form: BackgroundTextForm): Float32Array =>
  backgroundTexts(
    {
      classes,
      dimension,
      embeddings: oracle.tensor('text_embed').data,
      interTextAttention: oracle.tensor('text_w').data,
      joinedPrompt: new Float32Array(dimension),
    },
    form,
  );

async function omega(
  configuration: MethodConfiguration,
  prepared: PreparedTexts,
  alone?: boolean,
): Promise<Float32Array> {
  const rows = await Promise.all(
    Array.from({ length: objects }, async (_, object) => {
      const scored = await scoreObject(passesOf(object, alone), prepared, configuration, model);
      return Array.from(scored.classScores);
    }),
  );
  return Float32Array.from(rows.flat());
}

const interText = texts(rawBackground('interText'));

describe('UNI-OOD against an independent float64 reference', () => {
  it('attends within and across images', () => {
    for (let object = 0; object < objects; object++) {
      const query = perObject('target_q0', object);
      const scale = 1 / Math.sqrt(headWidth);
      const intra = crossAttention(query, perObject('target_k', object), headWidth, tokens, scale);
      const inter = crossAttention(query, perObject('background_k', object), headWidth, tokens, scale);
      expect(largestDifference(intra, perObject('beta_x', object))).toBeLessThan(1e-6);
      expect(largestDifference(inter, perObject('beta_bg', object))).toBeLessThan(1e-6);
    }
  });

  it('attends across texts', () => {
    const table = interTextAttention({
      query: oracle.tensor('text_q_eot').data,
      key: oracle.tensor('text_k_eot').data,
      prompts: classes,
      headWidth: 8,
      scale: 1 / Math.sqrt(8),
    });
    expect(largestDifference(table, oracle.tensor('text_w').data)).toBeLessThan(1e-6);
  });

  it('aggregates the background text', () => {
    expect(largestDifference(rawBackground('interText'), oracle.tensor('M_tilde').data)).toBeLessThan(1e-6);
    const unit = backgroundTexts(
      {
        classes,
        dimension,
        embeddings: classTexts,
        interTextAttention: oracle.tensor('text_w').data,
        joinedPrompt: new Float32Array(dimension),
      },
      'interText',
    );
    expect(largestDifference(unit, oracle.tensor('M_tilde_unit').data)).toBeLessThan(1e-6);
  });

  it('scores every class, and finds the best one', async () => {
    for (let object = 0; object < objects; object++) {
      const scored = await scoreObject(passesOf(object), interText, literalConfiguration, model);
      expect(largestDifference(scored.classScores, perObject('omega', object))).toBeLessThan(5e-6);
      expect(scored.score).toBeCloseTo(perObject('score', object)[0], 5);
      expect(scored.predictedClass).toBe(perObject('best', object)[0]);
    }
  });

  it('explains the best class', async () => {
    for (let object = 0; object < objects; object++) {
      const { explanation, predictedClass } = await scoreObject(
        passesOf(object),
        interText,
        literalConfiguration,
        model,
      );
      const column = (name: string) =>
        perObject(name, object).filter((_, at) => at % classes === predictedClass);
      expect(largestDifference(explanation.muTarget, column('mu_x'))).toBeLessThan(2e-6);
      expect(largestDifference(explanation.betaIntra, perObject('beta_x', object))).toBe(0);
      if (perObject('alone', object)[0]) expect(explanation.muBackground).toBeNull();
      else expect(largestDifference(explanation.muBackground!, column('mu_bg'))).toBeLessThan(2e-6);
    }
  });

  it('scores with unit-length texts and as a whole image', async () => {
    const unit = texts(oracle.tensor('M_tilde_unit').data);
    expect(
      largestDifference(await omega(literalConfiguration, unit), oracle.tensor('omega_unit_text').data),
    ).toBeLessThan(5e-6);
    const alone = await omega(literalConfiguration, interText, true);
    expect(largestDifference(alone, oracle.tensor('omega_image_level').data)).toBeLessThan(5e-6);
  });

  it.each([
    ['omega_no_inter_image', { interImageAttention: false }],
    ['omega_no_intra_image', { intraImageAttention: false }],
    ['omega_no_background_alignment', { backgroundAlignment: false }],
    ['omega_no_target_alignment', { targetAlignment: false }],
  ] as const)('%s', async (name, switches) => {
    const scores = await omega({ ...literalConfiguration, ...switches }, interText);
    expect(largestDifference(scores, oracle.tensor(name).data)).toBeLessThan(5e-6);
    expect(largestDifference(scores, oracle.tensor('omega').data)).toBeGreaterThan(1e-4);
  });

  it('scores with the plain average as background text', async () => {
    const scores = await omega(literalConfiguration, texts(rawBackground('average')));
    expect(largestDifference(scores, oracle.tensor('omega_average').data)).toBeLessThan(5e-6);
  });

  it('gives the baselines', async () => {
    for (let object = 0; object < objects; object++) {
      const { baselines } = await scoreObject(passesOf(object), interText, literalConfiguration, model);
      expect(baselines.maxCosine).toBeCloseTo(perObject('max_cos', object)[0], 5);
      expect(baselines.mcm).toBeCloseTo(perObject('mcm', object)[0], 5);
      expect(baselines.glMcm).toBeCloseTo(perObject('gl_mcm', object)[0], 5);
    }
  });

  it('leaves the background out when there is none', async () => {
    const without = await scoreObject(
      { ...passesOf(0), background: null },
      interText,
      literalConfiguration,
      model,
    );
    const switchedOff = await scoreObject(
      passesOf(0),
      interText,
      { ...literalConfiguration, backgroundBranch: false },
      model,
    );
    expect(Array.from(without.classScores)).toEqual(Array.from(switchedOff.classScores));
    expect(without.explanation.betaInter).toBeNull();
  });
});
