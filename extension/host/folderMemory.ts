import { Uri, type Memento } from 'vscode';
import * as z from 'zod/mini';
import { exportFormatSchema, type ExportFormat } from '../protocol/engine';
import type { ScanReference } from '../protocol/scan';
import type { BoxesSetting } from './settings';

interface FolderChoices {
  readonly classes?: string[];
  readonly boxes?: BoxesSetting;
}

const foldersKey = 'uniOod.folders';
const shownKey = 'uniOod.shownScan';
const comparedKey = 'uniOod.comparedScan';
const dismissedKey = 'uniOod.leftOutDismissed';
const exportFormatKey = 'uniOod.exportFormat';

/**
 * What the person chose for each folder scanned from this workspace, which scans they look at and how they export; kept with
 * the workspace.
 */
export class FolderMemory {
  constructor(private readonly state: Memento) {}

  /** Absolute paths of the folders scanned from this workspace. */
  folders(): string[] {
    return Object.keys(this.all()).map((key) => Uri.parse(key).fsPath);
  }

  choices(folder: Uri): FolderChoices {
    return this.all()[folder.toString()] ?? {};
  }

  async remember(folder: Uri, choices: FolderChoices): Promise<void> {
    const all = { ...this.all(), [folder.toString()]: { ...this.choices(folder), ...choices } };
    await this.state.update(foldersKey, all);
  }

  get shownScan(): ScanReference | null {
    return this.state.get<ScanReference | null>(shownKey, null);
  }

  async rememberShownScan(reference: ScanReference | null): Promise<void> {
    await this.state.update(shownKey, reference);
  }

  /** Id of the scan that the shown one is compared with; null: it is looked at alone. */
  get comparedScan(): string | null {
    return this.state.get<string | null>(comparedKey, null);
  }

  async rememberComparedScan(scanId: string | null): Promise<void> {
    await this.state.update(comparedKey, scanId);
  }

  /** Whether what tells that a scan left something out was put away. */
  isLeftOutDismissed(reference: ScanReference): boolean {
    return this.dismissed().includes(keyOf(reference));
  }

  async rememberLeftOutDismissed(reference: ScanReference, isDismissed: boolean): Promise<void> {
    const others = this.dismissed().filter((key) => key !== keyOf(reference));
    await this.state.update(dismissedKey, isDismissed ? [...others, keyOf(reference)] : others);
  }

  /** Forgets what was put away for scans of these folders that are gone. @param scans those that are there. */
  async forgetGoneScans(folders: readonly string[], scans: readonly ScanReference[]): Promise<void> {
    const there = new Set(scans.map(keyOf));
    const isGone = (key: string): boolean => folders.includes(folderOf(key)) && !there.has(key);
    const dismissed = this.dismissed();
    if (dismissed.some(isGone))
      await this.state.update(
        dismissedKey,
        dismissed.filter((key) => !isGone(key)),
      );
  }

  /** The format of the last export; null before the first. */
  get exportFormat(): ExportFormat | null {
    return z.safeParse(exportFormatSchema, this.state.get(exportFormatKey)).data ?? null;
  }

  async rememberExportFormat(format: ExportFormat): Promise<void> {
    await this.state.update(exportFormatKey, format);
  }

  private dismissed(): string[] {
    return this.state.get<string[]>(dismissedKey, []);
  }

  private all(): Record<string, FolderChoices> {
    return this.state.get<Record<string, FolderChoices>>(foldersKey, {});
  }
}

function keyOf({ folder, scanId }: ScanReference): string {
  return `${scanId} ${folder}`;
}

const folderOf = (key: string): string => key.slice(key.indexOf(' ') + 1);
