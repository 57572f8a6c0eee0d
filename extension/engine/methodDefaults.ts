import type { BundleManifest } from '../hub/bundleManifest';
import type { MethodConfiguration } from '../pipeline/configuration';
import { literalConfiguration } from '../pipeline/configuration';
import { promptSets, type PromptSetName } from '../pipeline/promptSets';
import type { MethodConfigurationPatch } from '../protocol/methodConfiguration';
import { UserFacingError } from '../protocol/userFacingError';

/** The form of the method a bundle was fitted for; every switch of the paper is on. */
export function bundleConfiguration(manifest: BundleManifest): MethodConfiguration {
  const { readout } = manifest;
  return {
    ...literalConfiguration,
    readout: {
      tokenMap: readout.tokenMap ?? readout.tensors !== undefined,
      clsShare: readout.clsShare,
      backgroundGain: readout.backgroundGain,
      centreBackground: readout.tensors !== undefined,
      genericCombiner: readout.genericCombiner?.inScans ?? false,
      scoreForm: readout.scoreForm,
    },
    views: { ...literalConfiguration.views, boxMargin: readout.boxMargin },
    prompts: readout.prompts,
  };
}

/** The configuration with the switches of `patch` in place of its own. */
export function patchConfiguration(
  base: MethodConfiguration,
  patch: MethodConfigurationPatch,
): MethodConfiguration {
  const { readout, views, prompts, ...switches } = patch;
  return {
    ...base,
    ...defined(switches),
    readout: { ...base.readout, ...defined(readout ?? {}) },
    views: { ...base.views, ...defined(views ?? {}) },
    prompts: prompts === undefined ? base.prompts : promptTemplates(prompts),
  };
}

/** The templates a person means: their own, or those of a named set. */
export function promptTemplates(prompts: PromptSetName | readonly string[]): string[] {
  return [...(typeof prompts === 'string' ? promptSets[prompts] : prompts)];
}

/** @throws UserFacingError naming aliases of what is no class: their prompts would be left out unseen. */
export function refuseForeignAliases(classes: readonly string[], { aliases }: MethodConfiguration): void {
  const foreign = Object.keys(aliases).filter((name) => !classes.includes(name));
  if (foreign.length > 0)
    throw new UserFacingError(
      `There are aliases of ${foreign.map((name) => `"${name}"`).join(', ')}, and no such class. Write the class as the class list does.`,
    );
}

/** @throws UserFacingError where a combiner is asked for that the model does not bring: scores would be without, unseen. */
export function refuseMissingCombiner(
  { readout }: MethodConfiguration,
  { id, readout: { genericCombiner } }: Pick<BundleManifest, 'id' | 'readout'>,
): void {
  if (readout.genericCombiner && !genericCombiner)
    throw new UserFacingError(
      `The configuration asks for a generic combiner, and ${id} brings none. Leave genericCombiner out, or choose another model.`,
    );
}

function defined<T extends object>(values: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
