import {
  CancellationTokenSource,
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type Disposable,
  type MessageConnection,
} from 'vscode-jsonrpc';
import * as z from 'zod/mini';
import type { NotificationContract, RequestContract } from '../protocol/contract';
import { schemaFaults } from '../protocol/schemaFaults';

/** One end of a conversation whose every message is checked against its contract, on the way out and on the way in. */
export interface TypedConnection {
  /** Sends a request. Rejects with the other side's sentence when it fails, with an error that `isCancellation` knows when `signal` aborted it. */
  request<Params, Result>(
    contract: RequestContract<Params, Result>,
    params: Params,
    signal?: AbortSignal,
  ): Promise<Result>;
  notify<Params>(contract: NotificationContract<Params>, params: Params): void;
  onRequest<Params, Result>(
    contract: RequestContract<Params, Result>,
    handler: (params: Params, signal: AbortSignal) => Promise<Result> | Result,
  ): Disposable;
  onNotification<Params>(
    contract: NotificationContract<Params>,
    handler: (params: Params) => void,
  ): Disposable;
  onClose(handler: () => void): Disposable;
  dispose(): void;
}

/** True for the error of a request that was cancelled. */
export function isCancellation(error: unknown): boolean {
  return error instanceof ResponseError && error.code === requestCancelled;
}

const requestCancelled = -32800;

/** The error a handler throws when its signal aborted and it stopped for that reason. */
export function cancellationError(message = 'Cancelled.'): Error {
  return new ResponseError(requestCancelled, message);
}

/**
 * @param connection a `vscode-jsonrpc` connection that is not listening yet; it starts to listen here once `register` has run.
 * @param register adds the handlers, before any message can arrive.
 */
export function connect(
  connection: MessageConnection,
  register?: (typed: TypedConnection) => void,
): TypedConnection {
  const typed: TypedConnection = {
    async request(contract, params, signal) {
      const checked = check(contract.params, params, `${contract.method}, as sent`);
      const result: unknown = await withToken(signal, (token) =>
        connection.sendRequest(contract.method, checked, token),
      );
      return check(contract.result, result, `the answer to ${contract.method}`);
    },
    notify(contract, params) {
      void connection
        .sendNotification(contract.method, check(contract.params, params, `${contract.method}, as sent`))
        .catch(() => undefined);
    },
    onRequest(contract, handler) {
      return connection.onRequest(contract.method, async (params: unknown, token: CancellationToken) => {
        const checked = check(contract.params, params, contract.method);
        try {
          return await handler(checked, asSignal(token));
        } catch (error) {
          throw asResponseError(error);
        }
      });
    },
    onNotification(contract, handler) {
      return connection.onNotification(contract.method, (params: unknown) =>
        handler(check(contract.params, params, contract.method)),
      );
    },
    onClose: (handler) => connection.onClose(handler),
    dispose: () => connection.dispose(),
  };
  register?.(typed);
  connection.listen();
  return typed;
}

function check<T>(schema: z.ZodMiniType<T>, value: unknown, what: string): T {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new ResponseError(ErrorCodes.InvalidParams, `${what}: ${schemaFaults(parsed.error)}`);
}

function asResponseError(error: unknown): ResponseError<void> {
  if (error instanceof ResponseError) return error as ResponseError<void>;
  return new ResponseError(ErrorCodes.InternalError, error instanceof Error ? error.message : String(error));
}

async function withToken<T>(
  signal: AbortSignal | undefined,
  send: (token: CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  // The token is read before it can be cancelled: a source cancelled first hands out a token that never fires.
  const answer = send(source.token);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await answer;
  } finally {
    signal?.removeEventListener('abort', cancel);
    source.dispose();
  }
}

function asSignal(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
