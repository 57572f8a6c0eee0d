import { dirname } from 'node:path';
import { Uri, workspace, type Disposable } from 'vscode';
import type { HostServices } from '../hostServices';
import { showFailure } from '../showFailure';

/** Each lies in the state folder of a scanned folder. */
const databases = '**/.uni-ood/*.sqlite';

/** Milliseconds between the first sign of a scan and the look at it: a database is there before its scan is. */
const settling = 1500;

const scannedFolder = (database: Uri): string => dirname(dirname(database.fsPath));

/** Folders anywhere in the workspace that were scanned, in this window or elsewhere. */
export async function scannedFolders(): Promise<string[]> {
  const found = await workspace.findFiles(databases, '**/node_modules/**');
  return found.filter(({ scheme }) => scheme === 'file').map(scannedFolder);
}

/** Keeps the catalogue up with scans that the command line or another window makes in the workspace. */
export function followStoredScans({
  catalogue,
  runs,
  ...host
}: Pick<HostServices, 'catalogue' | 'runs' | 'engine' | 'log'>): Disposable {
  const waiting = new Map<string, NodeJS.Timeout>();
  const look = (database: Uri): void => {
    const folder = scannedFolder(database);
    clearTimeout(waiting.get(folder));
    waiting.set(
      folder,
      setTimeout(() => {
        waiting.delete(folder);
        if (runs.isRunning(Uri.file(folder))) return; // told step by step already
        catalogue.follow(folder).catch((error: unknown) => void showFailure({ ...host, runs }, error));
      }, settling),
    );
  };
  const watcher = workspace.createFileSystemWatcher(databases);
  watcher.onDidCreate(look);
  watcher.onDidChange(look);
  watcher.onDidDelete(look);
  return {
    dispose: () => {
      watcher.dispose();
      for (const timer of waiting.values()) clearTimeout(timer);
    },
  };
}
