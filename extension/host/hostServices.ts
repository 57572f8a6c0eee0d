import type { LimitFunction } from 'p-limit';
import type { LogOutputChannel } from 'vscode';
import type { ScanChoicesDialogue } from './classes/scanChoices';
import type { EngineClient } from './engineProcess/engineClient';
import type { FolderMemory } from './folderMemory';
import type { ReviewEditor } from './panels/reviewEditor';
import type { ReviewSession } from './review/reviewSession';
import type { ScanCatalogue } from './scans/scanCatalogue';
import type { ScanRuns } from './scans/scanRuns';
import type { ReviewView } from './views/reviewView';

/** What commands work with; made once, in `activate.ts`. */
export interface HostServices {
  readonly engine: EngineClient;
  readonly catalogue: ScanCatalogue;
  readonly memory: FolderMemory;
  readonly choices: ScanChoicesDialogue;
  readonly runs: ScanRuns;
  /** Work that keeps the models busy is done one after the other. */
  readonly turns: LimitFunction;
  readonly session: ReviewSession;
  readonly reviewView: ReviewView;
  readonly reviewEditor: ReviewEditor;
  readonly log: LogOutputChannel;
}

/** A command: what it is given comes from menus, keys, other extensions and tests, so it is checked where it is used. */
export type Command = (host: HostServices, ...given: unknown[]) => Promise<unknown>;
