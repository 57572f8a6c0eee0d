import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  Emitter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageConnection,
} from 'vscode-jsonrpc/browser';
import type { VsCodeApi } from './vscodeApi';

/** JSON-RPC over `postMessage` of a webview and the `message` events VS Code sends to it. */
export function webviewConnection(api: VsCodeApi, page: Window): MessageConnection {
  return createMessageConnection(new WebviewReader(page), new WebviewWriter(api));
}

class WebviewReader extends AbstractMessageReader {
  readonly #received = new Emitter<Message>();

  constructor(page: Window) {
    super();
    page.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (isMessage(event.data)) this.#received.fire(event.data);
    });
  }

  listen(callback: DataCallback): Disposable {
    return this.#received.event(callback);
  }
}

class WebviewWriter extends AbstractMessageWriter {
  readonly #api: VsCodeApi;

  constructor(api: VsCodeApi) {
    super();
    this.#api = api;
  }

  write(message: Message): Promise<void> {
    this.#api.postMessage(message);
    return Promise.resolve();
  }

  end(): void {
    // Nothing is held open.
  }
}

function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'jsonrpc' in data;
}
