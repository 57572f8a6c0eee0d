import type { LimitFunction } from 'p-limit';
import { l10n, ProgressLocation, Uri, window, type Disposable, type Progress } from 'vscode';
import { cancellationError, isCancellation } from '../../messaging/typedConnection';
import { runScan, type ScanOptions } from '../../protocol/engine';
import type { ScanProgress, ScanReference, ScanSummary } from '../../protocol/scan';
import { UserFacingError } from '../../protocol/userFacingError';
import { folderName } from '../classes/classListPicker';
import { EngineStoppedError, type EngineClient } from '../engineProcess/engineClient';
import type { FolderMemory } from '../folderMemory';
import { localisation } from '../vscodeLocalisation';
import { percentDone, progressText } from '../../protocol/progressText';
import { classNames } from '../../protocol/scanText';
import { areTurnsTaken, waitingText } from '../turns';
import type { ScanCatalogue } from './scanCatalogue';

/** What happens around a scan while it runs. */
export interface ScanWitness {
  /** The engine works on this scan. @param hasWaited for others to end, so that nobody waits for it with their eyes. */
  started(summary: ScanSummary, hasWaited: boolean): void;
  /** The first flagged object is there. */
  firstFlagged(reference: ScanReference): void;
  /** The scan is over: finished, paused or failed. */
  ended(summary: ScanSummary): void;
  finished(summary: ScanSummary): void;
  /** The engine died and a new one continues the scan. */
  continued(folder: Uri): void;
}

/** A scan could not be finished, for the reason that the engine gave; with what was asked for, to try it again. */
export class ScanFailedError extends UserFacingError {
  constructor(
    message: string,
    readonly options: ScanOptions,
  ) {
    super(message);
  }
}

type Report = Progress<{ message?: string; increment?: number }>;

/** Runs scans, each in its turn; each with a notification that counts and pauses. */
export class ScanRuns implements Disposable {
  private readonly running = new Map<string, AbortController>();

  constructor(
    private readonly engine: EngineClient,
    private readonly catalogue: ScanCatalogue,
    private readonly memory: FolderMemory,
    private readonly witness: ScanWitness,
    private readonly inTurn: LimitFunction,
  ) {}

  isRunning(folder: Uri): boolean {
    return this.running.has(folder.toString());
  }

  /** The folders that are scanned or wait for their turn. */
  folders(): Uri[] {
    return [...this.running.keys()].map((key) => Uri.parse(key));
  }

  /** Pauses the scan of a folder, or all: what they finished is kept, and the same scan goes on from there. */
  pause(folder?: Uri): void {
    if (folder) this.running.get(folder.toString())?.abort();
    else for (const controller of this.running.values()) controller.abort();
  }

  /**
   * Scans a folder, waiting for its turn. Null when it was paused.
   * @throws UserFacingError when the folder is being scanned already; ScanFailedError or EngineStoppedError when the scan fails.
   */
  async run(options: ScanOptions): Promise<ScanSummary | null> {
    const folder = Uri.file(options.folder);
    if (this.isRunning(folder))
      throw new UserFacingError(
        l10n.t('{0} is being scanned already. Wait until that scan ends, or pause it.', folderName(folder)),
      );
    const controller = new AbortController();
    this.running.set(folder.toString(), controller);
    try {
      await this.memory.remember(folder, {});
      return await this.withProgress(options, folder, controller);
    } catch (error) {
      if (isCancellation(error)) return null;
      throw error;
    } finally {
      this.running.delete(folder.toString());
      this.catalogue.announce();
    }
  }

  dispose(): void {
    this.pause();
  }

  private withProgress(
    options: ScanOptions,
    folder: Uri,
    controller: AbortController,
  ): Thenable<ScanSummary> {
    const title = l10n.t(
      'Scanning {0} for what is not: {1}',
      folderName(folder),
      classNames(options.classes, localisation(), 3),
    );
    const location = ProgressLocation.Notification;
    return window.withProgress({ location, title, cancellable: true }, async (report, token) => {
      token.onCancellationRequested(() => controller.abort());
      const hasToWait = areTurnsTaken(this.inTurn);
      report.report({ message: waitingText(this.inTurn) });
      return this.inTurn(() => this.follow(options, folder, controller.signal, report, hasToWait));
    });
  }

  /** One scan from its start to its end, through as many engines as it takes. */
  private async follow(
    options: ScanOptions,
    folder: Uri,
    signal: AbortSignal,
    report: Report,
    hasWaited: boolean,
  ): Promise<ScanSummary> {
    let reference: ScanReference | null = null;
    let failure: string | null = null;
    let flagged = false;
    let percent = 0;
    const progressed = (progress: ScanProgress): void => {
      const now = percentDone(progress.images);
      report.report({
        message: progressText(progress, localisation()),
        increment: Math.max(0, now - percent),
      });
      percent = Math.max(percent, now);
      if (!flagged && progress.flagged > 0) this.witness.firstFlagged(progress.reference);
      flagged ||= progress.flagged > 0;
    };
    const subscriptions = [
      this.engine.onScanPreparing(({ what }) => report.report({ message: what })),
      this.engine.onScanStarted((summary) => {
        reference = summary.reference;
        this.witness.started(summary, hasWaited);
      }),
      this.engine.onScanProgressed(progressed),
    ];
    try {
      const summary = await this.untilAnswered(options, folder, signal);
      reference = summary.reference;
      this.catalogue.update(summary);
      this.witness.finished(summary);
      return summary;
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (error instanceof EngineStoppedError) {
        failure = l10n.t('The engine stopped.'); // it may run again when this is read
        throw error;
      }
      failure = error instanceof Error ? error.message : String(error);
      // What was finished stands, also where everything was to be scanned again.
      throw new ScanFailedError(failure, { ...options, fresh: options.fresh && reference === null });
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
      const ended = reference && this.catalogue.ended(reference, failure);
      if (ended) this.witness.ended(ended);
    }
  }

  private async untilAnswered(options: ScanOptions, folder: Uri, signal: AbortSignal): Promise<ScanSummary> {
    let asked = options;
    for (;;) {
      if (signal.aborted) throw cancellationError();
      try {
        return await this.engine.request(runScan, asked, signal);
      } catch (error) {
        if (!(error instanceof EngineStoppedError) || !error.restarting) throw error;
        if (signal.aborted) throw cancellationError();
        this.witness.continued(folder);
        asked = { ...asked, fresh: false }; // what the first engine finished stands
      }
    }
  }
}
