import type { BundleManifest } from '../hub/bundleManifest';
import type { MethodConfiguration } from '../pipeline/configuration';
import { literalConfiguration } from '../pipeline/configuration';
import type { MethodConfigurationPatch } from '../protocol/methodConfiguration';

/** The form of the method a bundle was fitted for; every switch of the paper is on. */
export function bundleConfiguration(manifest: BundleManifest): MethodConfiguration {
  const { readout } = manifest;
  return {
    ...literalConfiguration,
    readout: {
      tokenMap: readout.tensors !== undefined,
      clsShare: readout.clsShare,
      backgroundGain: readout.backgroundGain,
      centreBackground: readout.tensors !== undefined,
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
  const { readout, views, ...switches } = patch;
  return {
    ...base,
    ...defined(switches),
    readout: { ...base.readout, ...defined(readout ?? {}) },
    views: { ...base.views, ...defined(views ?? {}) },
  };
}

function defined<T extends object>(values: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
