import {
  Uri,
  window,
  workspace,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
} from 'vscode';
import { registerCommands } from './commands/registerCommands';
import { ScanChoicesDialogue } from './classes/scanChoices';
import { keepContextKeys } from './contextKeys';
import { EngineClient, type EngineIdentity } from './engineProcess/engineClient';
import { chooseRuntime, runtimeSurroundings } from './engineProcess/nodeRuntime';
import { systemCertificates } from './engineProcess/systemCertificates';
import { FolderMemory } from './folderMemory';
import type { HostServices } from './hostServices';
import { announceFallbacks } from './models/announceFallbacks';
import { ReviewEditor, reviewEditorType } from './panels/reviewEditor';
import { announcePassedOver } from './review/announcePassedOver';
import { pageActions } from './review/pageActions';
import { ReviewSession } from './review/reviewSession';
import { settleKeys } from './review/settleKeys';
import { VerdictJournal } from './review/verdictJournal';
import { VerdictQueue } from './review/verdictQueue';
import { announceScans } from './scans/announceScans';
import { ScanCatalogue } from './scans/scanCatalogue';
import { ScanRuns } from './scans/scanRuns';
import { followStoredScans } from './scans/storedScans';
import { engineSettings, settings } from './settings';
import { showFailure } from './showFailure';
import { createStatusBar } from './statusBar';
import { areTurnsTaken, createTurns } from './turns';
import { ScanDecorations } from './views/scanDecorations';
import { ReviewView, reviewViewId } from './views/reviewView';
import { ScansTree, scansViewId } from './views/scansTree';
import { localisation } from './vscodeLocalisation';
import type { ScanSummary } from '../protocol/scan';

/** What other extensions and the tests may see. */
export interface ExtensionApi {
  readonly activationMilliseconds: number;
  /** The engine that runs now; null when none was needed yet. */
  engine(): EngineIdentity | null;
  scans(): ScanSummary[];
  readonly scansTree: ScansTree;
}

let engine: EngineClient | undefined;
let verdicts: VerdictQueue | undefined;

/** Puts the extension together. Nothing native is loaded and no process is started until a view or a command needs it. */
export function activate(context: ExtensionContext): ExtensionApi {
  const begin = performance.now();
  const log = window.createOutputChannel('UNI-OOD', { log: true });
  engine = createEngine(context, log);
  const memory = new FolderMemory(context.workspaceState);
  const catalogue = new ScanCatalogue(engine, memory);
  verdicts = new VerdictQueue(engine, verdictJournal(context, log));
  const session = new ReviewSession(engine, catalogue, memory, verdicts);
  const page = {
    extension: context.extensionUri,
    stateDirectory: context.globalStorageUri,
    session,
    actions: pageActions(catalogue),
  };
  const reviewView = new ReviewView(page);
  const reviewEditor = new ReviewEditor(page);
  const contextKeys = keepContextKeys(catalogue, session);
  const turns = createTurns();
  const witness = announceScans({ session, reviewView, reviewEditor, log });
  const runs = new ScanRuns(engine, catalogue, memory, witness, turns);
  const choices = new ScanChoicesDialogue(engine, memory);
  const services = { engine, catalogue, memory, choices, runs, turns, session };
  const host: HostServices = { ...services, reviewView, reviewEditor, log };
  const scansTree = new ScansTree(engine, catalogue, session);
  const decorations = new ScanDecorations(catalogue);
  context.subscriptions.push(
    log,
    catalogue,
    session,
    contextKeys,
    announceFallbacks(engine),
    announcePassedOver(verdicts),
    runs,
    scansTree,
    createStatusBar(engine, catalogue, session),
    decorations,
    window.registerFileDecorationProvider(decorations),
    window.registerTreeDataProvider(scansViewId, scansTree),
    window.registerWebviewViewProvider(reviewViewId, reviewView),
    window.registerWebviewPanelSerializer(reviewEditorType, reviewEditor),
    workspace.onDidChangeWorkspaceFolders(
      () => void catalogue.reload().catch((error: unknown) => showFailure(host, error)),
    ),
    followStoredScans(host),
    restartOnNewSettings(host),
    ...registerCommands(host),
    settleKeys(session),
  );
  const running = engine;
  return {
    activationMilliseconds: performance.now() - begin,
    engine: () => running.identity,
    scans: () => catalogue.scans(),
    scansTree,
  };
}

/** Ends the engine; VS Code waits for it. */
export async function deactivate(): Promise<void> {
  await verdicts?.dispose();
  await engine?.dispose();
}

/** Of the workspace, where there is one; every window that shows it has a file of its own there. */
function verdictJournal(context: ExtensionContext, log: LogOutputChannel): VerdictJournal {
  const folder = Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'unsavedVerdicts');
  return new VerdictJournal(folder.fsPath, (sentence) => log.warn(sentence));
}

function createEngine(context: ExtensionContext, log: LogOutputChannel): EngineClient {
  const l10n = localisation();
  const inExtension = (...path: string[]): string => Uri.joinPath(context.extensionUri, ...path).fsPath;
  return new EngineClient({
    program: inExtension('dist', 'engine.js'),
    chooseRuntime: async () => {
      const runtime = await chooseRuntime(runtimeSurroundings(settings.enginePath()), l10n);
      const certificates = settings.systemCertificates()
        ? systemCertificates(process.platform, process.env)
        : {};
      return { ...runtime, environment: { ...certificates, ...runtime.environment } };
    },
    initializeParams: () => ({
      stateDirectory: context.globalStorageUri.fsPath,
      embeddedBundle: inExtension('models', 'embedded'),
      threads: settings.threads(),
      device: settings.device(),
      network: settings.network(),
      modelQuota: settings.modelQuota(),
    }),
    log,
    l10n,
  });
}

/** The engine reads some settings at its start only: when they change it is ended, and the next request starts it anew. */
function restartOnNewSettings({ engine, turns, log }: HostServices): Disposable {
  return workspace.onDidChangeConfiguration((change) => {
    if (areTurnsTaken(turns) || !engineSettings.some((setting) => change.affectsConfiguration(setting)))
      return;
    void engine.stop().catch((error: unknown) => log.error(String(error)));
  });
}
