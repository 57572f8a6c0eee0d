import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Message,
} from 'vscode-jsonrpc/node';
import { connect, type TypedConnection } from '../../messaging/typedConnection';
import type { NodeRuntime } from './nodeRuntime';

export interface EngineSessionOptions {
  readonly runtime: NodeRuntime;
  /** The engine's bundle, `dist/engine.js`. */
  readonly program: string;
  /** Adds the handlers of the engine's notifications. */
  readonly register: (connection: TypedConnection) => void;
  /** One line of the engine's standard error. */
  readonly logLine: (line: string) => void;
}

/** How an engine process ended; `failure` when it never came to be. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly failure: Error | null;
}

/** Milliseconds an engine has to end by itself. */
const patience = 1000;

/**
 * Writes to a pipe that may break at any time. vscode-jsonrpc rethrows a failed write where nobody can catch it; here
 * the engine, which can hear nothing any more, is ended instead, and its exit rejects every pending request.
 */
class EngineWriter extends StreamMessageWriter {
  constructor(
    pipe: Writable,
    private readonly endEngine: () => void,
  ) {
    super(pipe);
  }

  override async write(message: Message): Promise<void> {
    try {
      await super.write(message);
    } catch {
      this.endEngine();
    }
  }
}

/** One life of the engine process, and the conversation with it over its standard input and output. */
export class EngineSession {
  readonly connection: TypedConnection;
  /** Resolves once, however the process ends; every pending request has been rejected by then. */
  readonly exited: Promise<EngineExit>;
  hasExited = false;
  /** True when we asked it to end. */
  expected = false;
  private readonly child: ChildProcess;

  constructor({ runtime, program, register, logLine }: EngineSessionOptions) {
    const child = spawn(runtime.command, [program], {
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1', ...runtime.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.child = child;
    createInterface({ input: child.stderr }).on('line', logLine);
    const writer = new EngineWriter(child.stdin, () => child.kill('SIGKILL'));
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), writer);
    connection.onError(([error]) => logLine(String(error)));
    this.connection = connect(connection, register);
    this.exited = new Promise((resolve) => {
      const end = (exit: EngineExit): void => {
        if (this.hasExited) return;
        this.hasExited = true;
        this.connection.dispose();
        resolve(exit);
      };
      child.once('exit', (code, signal) => end({ code, signal, failure: null }));
      child.once('error', (failure) => end({ code: null, signal: null, failure }));
    });
  }

  /** Closes the engine's input, which ends it, and kills it after a second if it does not go. */
  async shutDown(): Promise<void> {
    this.expected = true;
    if (this.hasExited) return;
    this.child.stdin?.end();
    const kill = setTimeout(() => this.child.kill('SIGKILL'), patience);
    await this.exited;
    clearTimeout(kill);
  }
}
