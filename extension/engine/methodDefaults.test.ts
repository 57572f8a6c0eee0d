import { describe, expect, it } from 'vitest';
import { literalConfiguration, type MethodConfiguration } from '../pipeline/configuration';
import { methodConfigurationPatchSchema, methodConfigurationSchema } from '../protocol/methodConfiguration';
import { patchConfiguration, refuseForeignAliases, refuseMissingCombiner } from './methodDefaults';

describe('a changed configuration', () => {
  it('takes templates by the name of their set, and records them', () => {
    const patch = methodConfigurationPatchSchema.parse({ prompts: 'clip80' });
    const { prompts } = patchConfiguration(literalConfiguration, patch);
    expect(new Set(prompts).size).toBe(80);
    for (const template of ['itap of my {}.', 'the {} in a video game.', 'a origami {}.', 'art of the {}.'])
      expect(prompts).toContain(template);
    expect(prompts.every((template) => template.split('{}').length === 2)).toBe(true);
    expect(patchConfiguration(literalConfiguration, { prompts: ['the {}'] }).prompts).toEqual(['the {}']);
    expect(methodConfigurationPatchSchema.safeParse({ prompts: 'clip81' }).success).toBe(false);
  });

  it('takes aliases, and refuses those of what is no class', () => {
    const patch = methodConfigurationPatchSchema.parse({ aliases: { couch: ['sofa'] } });
    const configuration = patchConfiguration(literalConfiguration, patch);
    expect(() => refuseForeignAliases(['cat', 'couch'], configuration)).not.toThrow();
    expect(() => refuseForeignAliases(['cat'], configuration)).toThrow(
      /aliases of "couch", and no such class/,
    );
    expect(methodConfigurationPatchSchema.safeParse({ aliases: { couch: [' '] } }).success).toBe(false);
  });

  it('leaves the combiner as it is where it says nothing of it, and a scan stored before there was one had none', () => {
    const method: MethodConfiguration = {
      ...literalConfiguration,
      readout: { ...literalConfiguration.readout, genericCombiner: true },
    };
    const patch = methodConfigurationPatchSchema.parse({ readout: { backgroundGain: 0.5 } });
    expect(patchConfiguration(method, patch).readout).toEqual({ ...method.readout, backgroundGain: 0.5 });
    const without = methodConfigurationPatchSchema.parse({ readout: { genericCombiner: false } });
    expect(patchConfiguration(method, without).readout.genericCombiner).toBe(false);
    const readout: Partial<MethodConfiguration['readout']> = { ...method.readout };
    delete readout.genericCombiner;
    expect(methodConfigurationSchema.parse({ ...method, readout }).readout.genericCombiner).toBe(false);
    const bare = {
      clsShare: 0,
      backgroundGain: 1,
      scoreForm: { kind: 'max' as const },
      boxMargin: 0,
      prompts: ['{}'],
    };
    const file = { file: 'combiner.safetensors', size: 1, sha256: '0'.repeat(64), inScans: false };
    expect(() => refuseMissingCombiner(method, { id: 'clip', readout: bare })).toThrow(/clip brings none/);
    refuseMissingCombiner(literalConfiguration, { id: 'clip', readout: bare });
    refuseMissingCombiner(method, { id: 'micro', readout: { ...bare, genericCombiner: file } });
  });

  it('is that of a scan stored before there were aliases', () => {
    const stored: Partial<MethodConfiguration> = { ...literalConfiguration };
    delete stored.aliases;
    expect(methodConfigurationSchema.parse(stored).aliases).toEqual({});
  });
});
