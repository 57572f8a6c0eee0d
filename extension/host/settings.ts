import { resolve } from 'node:path';
import { ConfigurationTarget, l10n, workspace, type Uri, type WorkspaceConfiguration } from 'vscode';
import { deviceSchema, type Device } from '../protocol/device';
import {
  classAliasesSchema,
  promptSetSchema,
  type MethodConfigurationPatch,
  type PromptSetName,
} from '../protocol/methodConfiguration';
import type { AutoAdvance, Preferences } from '../protocol/review';
import { rateOfPercent, usualTruePositiveRate } from '../protocol/truePositiveRate';
import { UserFacingError } from '../protocol/userFacingError';

export const section = 'uniOod';

export type BoxesSetting = 'detector' | 'annotations';

/** The settings of the extension, read where they are used so that they are never out of date. */
export const settings = {
  /** Class list for new scans: a preset, a file, or names; empty: what the folder itself says. */
  classes: (folder: Uri): string => read(folder).get('classes', '').trim(),
  /** Where the boxes come from; null when the person never said. */
  boxes(folder: Uri): BoxesSetting | null {
    const set = read(folder).inspect<BoxesSetting>('boxes');
    return set?.workspaceFolderValue ?? set?.workspaceValue ?? set?.globalValue ?? null;
  },
  /** Bundle for new scans: an id or a directory; absent: the embedded bundle. */
  model: (): string | undefined => read().get('model', '').trim() || undefined,
  /** File of the tuned combiner for new scans of a folder; a relative path begins at its workspace folder, else at the first. Absent: none. */
  combiner(folder?: Uri): string | undefined {
    const set = read(folder).get('combiner', '').trim();
    if (set === '') return undefined;
    const base = (folder && workspace.getWorkspaceFolder(folder)) ?? workspace.workspaceFolders?.at(0);
    return base ? resolve(base.uri.fsPath, set) : set;
  },
  /** Where models are downloaded from, and through what; what is empty is left to the environment. */
  network: (): { source: string; proxy: string; strictCertificates: boolean } => {
    const http = workspace.getConfiguration('http');
    return {
      source: read().get('modelSource', '').trim(),
      proxy: http.get('proxySupport') === 'off' ? '' : http.get('proxy', '').trim(),
      strictCertificates: http.get('proxyStrictSSL', true),
    };
  },
  /** What stored models may take, in bytes; null: as much as the disk holds. */
  modelQuota: (): number | null => Math.max(0, read().get('modelQuota', 20)) * 1e9 || null,
  /** Whether certificates that the system trusts count, as everywhere in VS Code. */
  systemCertificates: (): boolean => workspace.getConfiguration('http').get('systemCertificates', true),
  /** Detector for new scans: an id or a directory; absent: the model's own, else the embedded one. */
  detector: (): string | undefined => read().get('detector', '').trim() || undefined,
  /** Whether the objects of a photo share one pass of it as their background in new scans of a folder. */
  fast: (folder: Uri): boolean => read(folder).get('fast', false),
  /** The set of prompt templates for new scans of a folder; absent: the model's own. */
  prompts: (folder: Uri): PromptSetName | undefined =>
    promptSetSchema.safeParse(read(folder).get('prompts', '')).data,
  /** Other names of classes for new scans of a folder. @throws UserFacingError when the setting is not lists of names by class. */
  classAliases(folder: Uri): MethodConfigurationPatch['aliases'] {
    const aliases = classAliasesSchema.safeParse(read(folder).get('classAliases', {}));
    if (aliases.success) return aliases.data;
    throw new UserFacingError(
      l10n.t(
        'The setting {0} has to hold lists of names by class, such as {1}. Correct it in the settings.',
        `${section}.classAliases`,
        '{"couch": ["sofa"]}',
      ),
    );
  },
  /** The rate that δ of new scans of a folder is calibrated at, a share. @throws UserFacingError when the setting is no percentage that can be one. */
  truePositiveRate(folder: Uri): number {
    const rate = rateOfPercent(Number(read(folder).get('truePositiveRate', 100 * usualTruePositiveRate)));
    if (rate !== null) return rate;
    throw new UserFacingError(
      l10n.t(
        'The setting {0} has to be a percentage above 0 and up to 100. Correct it in the settings.',
        `${section}.truePositiveRate`,
      ),
    );
  },
  /** 0: chosen from the machine. */
  threads: (): number => Math.max(0, Math.trunc(read().get('threads', 0))),
  /** Where image towers compute. */
  device: (): Device => deviceSchema.safeParse(read().get('device', 'cpu')).data ?? 'cpu',
  /** Whether scanned folders of the Explorer tell what is left to review. */
  explorerDecorations: (): boolean => read().get('explorerDecorations', true),
  /** Node.js that runs the engine; empty: found automatically. */
  enginePath: (): string => read().get('enginePath', '').trim(),
};

/** Sets the combiner for new scans of this workspace, or of all where none is open. @param path null: none. */
export async function useCombiner(path: string | null): Promise<void> {
  const configuration = read();
  // A setting of the person's own would come through one that is taken away.
  const none = configuration.inspect<string>('combiner')?.globalValue ? '' : undefined;
  const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await configuration.update('combiner', path ?? (workspace.workspaceFolders ? none : undefined), target);
}

/** Settings that a running engine knows only from its start. */
export const engineSettings = [
  `${section}.threads`,
  `${section}.device`,
  `${section}.enginePath`,
  `${section}.modelSource`,
  `${section}.modelQuota`,
  'http.proxy',
  'http.proxyStrictSSL',
  'http.systemCertificates',
];

/** Whether scanned folders of the Explorer tell what is left to review. */
export const explorerSetting = `${section}.explorerDecorations`;

/** What the review screen follows at once. */
export const preferenceSettings = [`${section}.review.autoAdvance`];

export const reviewPreferences = (): Preferences => ({
  autoAdvance: read().get<AutoAdvance>('review.autoAdvance', 'unreviewed'),
});

export async function setAutoAdvance(autoAdvance: AutoAdvance): Promise<void> {
  await read().update('review.autoAdvance', autoAdvance, ConfigurationTarget.Global);
}

function read(scope?: Uri): WorkspaceConfiguration {
  return workspace.getConfiguration(section, scope);
}
