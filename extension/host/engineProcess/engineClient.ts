import { setTimeout as sleep } from 'node:timers/promises';
import { Emitter, ErrorCodes, ResponseError } from 'vscode-jsonrpc';
import type * as z from 'zod/mini';
import { cancellationError, type TypedConnection } from '../../messaging/typedConnection';
import type { RequestContract } from '../../protocol/contract';
import type { DeviceFallback } from '../../protocol/device';
import {
  deviceFellBack,
  initialize,
  objectsAdded,
  ping,
  scanPreparing,
  scanProgressed,
  scanStarted,
} from '../../protocol/engine';
import { evaluationProgressed, type EvaluationProgressMessage } from '../../protocol/evaluationRun';
import { pullProgressed, type PullProgressMessage } from '../../protocol/models';
import { tuningProgressed, type TuningProgressMessage } from '../../protocol/tuning';
import { reportProgressed } from '../../protocol/report';
import type { EngineState } from '../../protocol/review';
import type { ObjectColumns, ScanProgress, ScanReference, ScanSummary } from '../../protocol/scan';
import { UserFacingError } from '../../protocol/userFacingError';
import type { Localisation } from '../../protocol/localisation';
import { EngineSession, type EngineExit } from './engineSession';
import type { NodeRuntime } from './nodeRuntime';
import { Heartbeat } from './heartbeat';
import { RestartPolicy } from './restartPolicy';

export interface EngineClientOptions {
  readonly program: string;
  chooseRuntime(): Promise<NodeRuntime>;
  initializeParams(): z.infer<(typeof initialize)['params']>;
  readonly log: { info(line: string): void; warn(line: string): void };
  readonly l10n: Localisation;
  readonly restartPolicy?: RestartPolicy;
}

/** The engine ended before it answered; `restarting`: the same request, made again, reaches a new engine. */
export class EngineStoppedError extends UserFacingError {
  constructor(
    message: string,
    readonly restarting: boolean,
  ) {
    super(message);
  }
}

/** Codes of errors that our own end of the conversation made up, because the engine did not answer. */
const unanswered = new Set<number>([
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.MessageWriteError,
  ErrorCodes.ConnectionInactive,
]);

export type EngineIdentity = z.infer<(typeof initialize)['result']>;

/**
 * The engine as the extension sees it: started by the first request, started again by itself when it stops
 * unexpectedly, but not more often than the restart policy allows. Requests always end: those under way when the
 * engine stops reject with `EngineStoppedError`, those made while it restarts wait for the new one.
 */
export class EngineClient {
  private readonly stateChanged = new Emitter<EngineState>();
  private readonly fellBack = new Emitter<DeviceFallback>();
  private readonly preparing = new Emitter<{ folder: string; what: string }>();
  private readonly started = new Emitter<ScanSummary>();
  private readonly progressed = new Emitter<ScanProgress>();
  private readonly reportMade = new Emitter<{ reference: ScanReference; done: number; total: number }>();
  private readonly added = new Emitter<{ reference: ScanReference; columns: ObjectColumns }>();
  private readonly pulled = new Emitter<PullProgressMessage>();
  private readonly tuned = new Emitter<TuningProgressMessage>();
  private readonly evaluated = new Emitter<EvaluationProgressMessage>();
  readonly onDidChangeState = this.stateChanged.event;
  /** A model was loaded whose accelerator was left for the processor. */
  readonly onDeviceFellBack = this.fellBack.event;
  /** What is done for a scan before it starts. */
  readonly onScanPreparing = this.preparing.event;
  readonly onScanStarted = this.started.event;
  readonly onScanProgressed = this.progressed.event;
  readonly onObjectsAdded = this.added.event;
  readonly onReportProgressed = this.reportMade.event;
  readonly onPullProgressed = this.pulled.event;
  readonly onTuningProgressed = this.tuned.event;
  readonly onEvaluationProgressed = this.evaluated.event;

  private readonly policy: RestartPolicy;
  private currentState: EngineState = { kind: 'starting' };
  private session: EngineSession | null = null;
  /** The start under way or done; null when the next request has to start an engine. */
  private attempt: Promise<EngineSession> | null = null;
  /** Set when the engine stopped too often: requests are refused until a person restarts it. */
  private refusal: EngineStoppedError | null = null;
  private disposed = false;
  /** Counts stops, so that a start they overtook goes no further. */
  private stops = 0;
  private known: EngineIdentity | null = null;
  private heartbeat: Heartbeat | null = null;

  constructor(private readonly options: EngineClientOptions) {
    this.policy = options.restartPolicy ?? new RestartPolicy();
  }

  get state(): EngineState {
    return this.currentState;
  }

  /** What the running engine said of itself; null when none runs. */
  get identity(): EngineIdentity | null {
    return this.known;
  }

  /** Asks the engine, starting it if need be. Rejects with a sentence for the person, or a cancellation when `signal` aborts. */
  async request<Params, Result>(
    contract: RequestContract<Params, Result>,
    params: Params,
    signal?: AbortSignal,
  ): Promise<Result> {
    const session = await this.running();
    if (signal?.aborted) throw cancellationError();
    try {
      return await session.connection.request(contract, params, signal);
    } catch (error) {
      if (await this.endedWith(session, error)) throw this.stoppedError();
      throw error;
    }
  }

  /** Ends the engine, if one runs, and starts a new one, however often it stopped before. */
  async restart(): Promise<void> {
    this.policy.forget();
    this.refusal = null;
    await this.stop();
    await this.running();
  }

  /** Ends the engine; the next request starts a new one. */
  async stop(): Promise<void> {
    const session = this.session;
    this.stops++;
    this.heartbeat?.end();
    this.attempt = null;
    this.session = null;
    this.known = null;
    await session?.shutDown();
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    await this.stop();
    for (const emitter of [
      this.stateChanged,
      this.fellBack,
      this.preparing,
      this.started,
      this.progressed,
      this.added,
      this.reportMade,
      this.pulled,
      this.tuned,
      this.evaluated,
    ])
      emitter.dispose();
  }

  private async running(): Promise<EngineSession> {
    for (;;) {
      if (this.disposed) throw new EngineStoppedError(this.options.l10n.t('The engine has ended.'), false);
      if (this.refusal) throw this.refusal;
      const attempt = (this.attempt ??= this.start(0));
      try {
        return await attempt;
      } catch (error) {
        // A crash while starting has put the next attempt in this one's place: wait for that.
        if (this.refusal || this.attempt === null || this.attempt === attempt) {
          if (this.attempt === attempt) this.attempt = null;
          throw this.refusal ?? error;
        }
      }
    }
  }

  private async start(delay: number): Promise<EngineSession> {
    const { stops } = this;
    if (delay > 0) await sleep(delay);
    if (stops !== this.stops) throw this.stoppedError();
    this.setState({ kind: 'starting' });
    try {
      const runtime = await this.options.chooseRuntime();
      if (stops !== this.stops) throw this.stoppedError();
      return await this.open(runtime);
    } catch (error) {
      if (!(error instanceof EngineStoppedError)) {
        const message = error instanceof Error ? error.message : String(error);
        this.setState({ kind: 'stopped', message, restarting: false });
      }
      throw error;
    }
  }

  private async open(runtime: NodeRuntime): Promise<EngineSession> {
    const { log, program, l10n } = this.options;
    log.info(`Starting the engine: ${runtime.command} ${program}`);
    const session = new EngineSession({
      runtime,
      program,
      register: (connection) => this.listen(connection),
      logLine: (line) => log.info(line),
    });
    this.session = session;
    void session.exited.then((exit) => this.afterExit(session, exit));
    try {
      this.known = await session.connection.request(initialize, this.options.initializeParams());
    } catch (error) {
      if (await this.endedWith(session, error)) {
        const { failure } = await session.exited;
        if (!failure) throw this.stoppedError();
        throw new UserFacingError(
          l10n.t('The engine could not be started with "{0}": {1}', runtime.command, failure.message),
          { cause: failure },
        );
      }
      await session.shutDown();
      throw error;
    }
    log.info(`Engine ${this.known.version} runs: process ${this.known.pid}, Node.js ${this.known.node}`);
    this.setState({ kind: 'running' });
    this.heartbeat?.end();
    this.heartbeat = new Heartbeat(
      () => session.connection.request(ping, {}),
      (slow) => {
        if (session === this.session) this.setState(slow ? this.slowState() : { kind: 'running' });
      },
    );
    return session;
  }

  private slowState(): EngineState {
    return {
      kind: 'slow',
      message: this.options.l10n.t(
        'The engine does not answer at the moment: it is busy, or the computer is. What was shown as saved is saved. If this lasts, restart the engine; a scan goes on where it was.',
      ),
    };
  }

  private listen(connection: TypedConnection): void {
    connection.onNotification(deviceFellBack, (fallback) => {
      this.fellBack.fire(fallback);
    });
    connection.onNotification(scanPreparing, (preparing) => {
      this.preparing.fire(preparing);
    });
    connection.onNotification(pullProgressed, (progress) => {
      this.pulled.fire(progress);
    });
    connection.onNotification(tuningProgressed, (progress) => {
      this.tuned.fire(progress);
    });
    connection.onNotification(evaluationProgressed, (progress) => {
      this.evaluated.fire(progress);
    });
    connection.onNotification(scanStarted, (summary) => {
      this.started.fire(summary);
    });
    connection.onNotification(scanProgressed, (progress) => {
      this.progressed.fire(progress);
    });
    connection.onNotification(reportProgressed, (progress) => {
      this.reportMade.fire(progress);
    });
    connection.onNotification(objectsAdded, (added) => {
      this.added.fire(added);
    });
  }

  private afterExit(session: EngineSession, { code, signal, failure }: EngineExit): void {
    if (session !== this.session || session.expected || failure) return;
    const { l10n, log } = this.options;
    const ending = signal ?? l10n.t('exit code {0}', code ?? '?');
    log.warn(`The engine stopped unexpectedly (${ending}).`);
    this.heartbeat?.end();
    this.session = null;
    this.known = null;
    const delay = this.policy.next();
    if (delay === null) {
      const message = l10n.t(
        'The engine stopped ({0}) and was not started again, because it stopped several times within a minute. Everything finished so far is saved. Restart it, or read the log for the cause.',
        ending,
      );
      this.attempt = null;
      this.refusal = new EngineStoppedError(message, false);
      this.setState({ kind: 'stopped', message, restarting: false });
      return;
    }
    const message = l10n.t(
      'The engine stopped unexpectedly ({0}) and is being started again. Everything finished so far is saved.',
      ending,
    );
    this.setState({ kind: 'stopped', message, restarting: true });
    this.attempt = this.start(delay);
    this.attempt.catch(() => undefined); // whoever asks next gets the reason
  }

  /** True when `error` came of the engine's end and not from its answer. */
  private async endedWith(session: EngineSession, error: unknown): Promise<boolean> {
    const answered = error instanceof ResponseError && !unanswered.has(error.code);
    // A broken pipe is noticed before the exit is.
    if (!answered) await Promise.race([session.exited, sleep(1000)]);
    return session.hasExited && !answered;
  }

  private stoppedError(): EngineStoppedError {
    if (this.refusal) return this.refusal;
    const message =
      this.currentState.kind === 'stopped'
        ? this.currentState.message
        : this.options.l10n.t('The engine stopped before it answered.');
    return new EngineStoppedError(message, !this.disposed);
  }

  private setState(state: EngineState): void {
    if (this.disposed) return;
    this.currentState = state;
    this.stateChanged.fire(state);
  }
}
