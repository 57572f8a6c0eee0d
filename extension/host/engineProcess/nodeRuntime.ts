import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UserFacingError } from '../../protocol/userFacingError';
import type { Localisation } from '../../protocol/localisation';

/** The program that runs the engine. */
export interface NodeRuntime {
  readonly command: string;
  /** Added to the environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Oldest Node.js the engine runs on, as in `engines` of package.json. */
const oldestNode = [20, 18] as const;

export interface RuntimeSurroundings {
  /** True in desktop VS Code, where the extension host is Electron and not Node.js. */
  readonly electron: boolean;
  readonly platform: NodeJS.Platform;
  readonly execPath: string;
  /** Setting `uniOod.enginePath`; empty: found automatically. */
  readonly configuredPath: string;
  /** Programs that may be Node.js, most preferred first. */
  readonly candidates: readonly string[];
  /** What the program prints for `--version`; null when it cannot be run. */
  versionOf(program: string): Promise<string | null>;
}

/**
 * Chooses the program that runs the engine: the configured one; else, in a remote or server host, the Node.js that
 * host runs on; else a Node.js found on this computer; else VS Code's own Electron acting as Node.js, except on Linux,
 * where Electron and sharp load two GLibs and abort (lovell/sharp#4525).
 *
 * @throws UserFacingError when the configured program is no Node.js that is new enough, or a Linux desktop has none.
 */
export async function chooseRuntime(around: RuntimeSurroundings, l10n: Localisation): Promise<NodeRuntime> {
  if (around.configuredPath !== '') {
    const version = await around.versionOf(around.configuredPath);
    if (isNewEnough(version)) return { command: around.configuredPath, environment: {} };
    throw new UserFacingError(
      l10n.t(
        'The setting uniOod.enginePath is "{0}", which is not Node.js {1} or later. Correct it, or empty it to have Node.js found automatically.',
        around.configuredPath,
        oldestNode.join('.'),
      ),
    );
  }
  if (!around.electron) return { command: around.execPath, environment: {} };
  for (const candidate of around.candidates) {
    if (isNewEnough(await around.versionOf(candidate))) return { command: candidate, environment: {} };
  }
  if (around.platform === 'linux')
    throw new UserFacingError(
      l10n.t(
        'On a Linux desktop UNI-OOD runs its models with Node.js {0} or later, and none was found. Install it (nodejs.org), or set uniOod.enginePath to it.',
        oldestNode.join('.'),
      ),
    );
  return { command: around.execPath, environment: { ELECTRON_RUN_AS_NODE: '1' } };
}

/** The surroundings of this process. */
export function runtimeSurroundings(configuredPath: string): RuntimeSurroundings {
  return {
    electron: process.versions.electron !== undefined,
    platform: process.platform,
    execPath: process.execPath,
    configuredPath,
    candidates: nodeCandidates(),
    versionOf,
  };
}

function isNewEnough(version: string | null): boolean {
  const match = /^v(\d+)\.(\d+)\./.exec(version ?? '');
  if (!match) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/** `PATH`, and where installers put Node.js on systems whose desktop programs get a short `PATH`. */
function nodeCandidates(): string[] {
  const windows = process.platform === 'win32';
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  if (!windows) folders.push('/usr/local/bin', '/opt/homebrew/bin', '/usr/bin');
  const programs = folders.map((folder) => join(folder, windows ? 'node.exe' : 'node'));
  return [...new Set(programs)].filter((program) => existsSync(program));
}

function versionOf(program: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: 5000, windowsHide: true }, (error, output) =>
      resolve(error ? null : output.trim()),
    );
  });
}
