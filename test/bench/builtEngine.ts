import { resolve } from 'node:path';
import { EngineSession } from '../../extension/host/engineProcess/engineSession';
import type { TypedConnection } from '../../extension/messaging/typedConnection';
import { initialize } from '../../extension/protocol/engine';

export interface BuiltEngineOptions {
  /** Holds the state of folders that cannot be written to. */
  stateDirectory: string;
  /** 0: as many as the machine offers. */
  threads?: number;
  program?: string;
  /** Adds the handlers of the engine's notifications. */
  register?: (connection: TypedConnection) => void;
}

/** The built engine in a process of its own, as VS Code runs it, ready for requests. */
export async function openBuiltEngine({
  stateDirectory,
  threads = 0,
  program = 'dist/engine.js',
  register = () => undefined,
}: BuiltEngineOptions): Promise<{ session: EngineSession; connection: TypedConnection; pid: number }> {
  const session = new EngineSession({
    runtime: { command: process.execPath, environment: {} },
    program: resolve(program),
    logLine: (line) => console.error(line),
    register,
  });
  const { connection } = session;
  const { pid } = await connection.request(initialize, {
    stateDirectory,
    embeddedBundle: resolve('models/embedded'),
    threads,
    network: { source: '', proxy: '', strictCertificates: true },
    modelQuota: null,
  });
  return { session, connection, pid };
}
