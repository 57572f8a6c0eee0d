import { ProgressLocation, window, type Disposable } from 'vscode';
import { cancellationError } from '../../messaging/typedConnection';
import type { RequestContract } from '../../protocol/contract';
import type { HostServices } from '../hostServices';
import { waitingText } from '../turns';

/** Tells the person how far a study is. @param share of the work, 0 to 1; absent: nobody knows. */
export type TellProgress = (message: string, share?: number) => void;

/**
 * Has the engine tune or measure, in its turn, with a notification that tells how far it is and cancels.
 *
 * @param follow passes on what the engine tells meanwhile.
 * @throws a cancellation when the person cancelled it; the engine's reason when it failed.
 */
export async function runStudy<Params, Result>(
  { engine, turns }: Pick<HostServices, 'engine' | 'turns'>,
  title: string,
  contract: RequestContract<Params, Result>,
  params: Params,
  follow: (tell: TellProgress) => Disposable,
): Promise<Result> {
  const location = ProgressLocation.Notification;
  return window.withProgress({ location, title, cancellable: true }, async (report, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    report.report({ message: waitingText(turns) });
    return turns(async () => {
      if (stop.signal.aborted) throw cancellationError();
      let percent = 0;
      const following = follow((message, share = 0) => {
        const now = Math.max(percent, 100 * share);
        report.report({ message, ...(now > percent ? { increment: now - percent } : {}) });
        percent = now;
      });
      try {
        return await engine.request(contract, params, stop.signal);
      } finally {
        following.dispose();
      }
    });
  });
}
