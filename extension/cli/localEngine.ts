import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Engine } from '../engine/engine';
import { usualSourceSettings } from '../hub/chooseSource';
import { quotaOf } from '../hub/modelQuota';
import type { Device } from '../protocol/device';
import { userModelDirectory } from '../hub/modelCache';

/** The state directory of this person for folders that cannot be written to. */
function userStateDirectory(): string {
  if (process.platform === 'win32')
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData/Local'), 'uni-ood');
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support/uni-ood');
  return join(process.env.XDG_STATE_HOME ?? join(homedir(), '.local/state'), 'uni-ood');
}

/** The bundle that lies beside the built program: `dist/cli.js` and `models/embedded`. */
export function embeddedBundle(): string {
  const beside = join(dirname(__dirname), 'models/embedded');
  return existsSync(beside) ? beside : join(__dirname, 'models/embedded');
}

/** The engine in this process, as the command line runs it. */
export function localEngine(threads: number, device: Device = 'cpu'): Engine {
  return new Engine(
    {
      stateDirectory: userStateDirectory(),
      embeddedBundle: embeddedBundle(),
      threads,
      device,
      modelDirectory: userModelDirectory(),
      network: usualSourceSettings,
      modelQuota: quotaOf(process.env.UNI_OOD_MODELS_QUOTA),
      version: process.env.UNI_OOD_VERSION ?? '0',
    },
    (sentence) => console.error(sentence),
  );
}
