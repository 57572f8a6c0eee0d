import { PassThrough } from 'node:stream';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { notification, request } from '../protocol/contract';
import { cancellationError, connect, isCancellation, type TypedConnection } from './typedConnection';

const double = request('double', z.object({ value: z.number() }), z.object({ value: z.number() }));
const told = notification('told', z.object({ text: z.string() }));

function pair(register: (typed: TypedConnection) => void): TypedConnection {
  const there = new PassThrough();
  const back = new PassThrough();
  connect(createMessageConnection(new StreamMessageReader(there), new StreamMessageWriter(back)), register);
  return connect(createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there)));
}

describe('typed connection', () => {
  it('carries a request and its result', async () => {
    const client = pair((server) => server.onRequest(double, ({ value }) => ({ value: 2 * value })));
    expect(await client.request(double, { value: 21 })).toEqual({ value: 42 });
  });

  it('ends a failing request with the sentence of the failure', async () => {
    const client = pair((server) =>
      server.onRequest(double, () => {
        throw new Error('photo.jpg is empty. Remove it or replace it.');
      }),
    );
    await expect(client.request(double, { value: 1 })).rejects.toThrow(
      'photo.jpg is empty. Remove it or replace it.',
    );
  });

  it('refuses what does not fit the contract, on either side', async () => {
    const client = pair((server) =>
      server.onRequest(double, () => ({ value: 'four' }) as unknown as { value: number }),
    );
    await expect(client.request(double, { value: 'two' } as unknown as { value: number })).rejects.toThrow(
      'double',
    );
    await expect(client.request(double, { value: 2 })).rejects.toThrow('the answer to double');
  });

  it('tells a request nobody answers apart from a result', async () => {
    const client = pair(() => undefined);
    await expect(client.request(double, { value: 2 })).rejects.toThrow();
  });

  it.each([0, 30])('cancels after %i ms', async (delay) => {
    const untilAborted = (signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) => {
        const stop = (): void => reject(cancellationError());
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop);
      });
    const client = pair((server) => server.onRequest(double, (_params, signal) => untilAborted(signal)));
    const controller = new AbortController();
    const answer = client.request(double, { value: 1 }, controller.signal);
    setTimeout(() => controller.abort(), delay);
    await expect(answer).rejects.toSatisfy(isCancellation);
  });

  it('carries notifications', async () => {
    const heard = new Promise<string>((resolve) => {
      const client = pair((server) => server.onNotification(told, ({ text }) => resolve(text)));
      client.notify(told, { text: 'done' });
    });
    expect(await heard).toBe('done');
  });
});
