import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { Webview } from 'vscode';

type Page = Pick<Webview, 'postMessage' | 'onDidReceiveMessage'>;

/** JSON-RPC with the page in a webview. Dispose the connection when the page goes, so that its answers do not reach the next one. */
export function webviewConnection(page: Page): MessageConnection {
  return createMessageConnection(new WebviewReader(page), new WebviewWriter(page));
}

class WebviewReader extends AbstractMessageReader {
  private subscription: Disposable | null = null;

  constructor(private readonly page: Page) {
    super();
  }

  listen(callback: DataCallback): Disposable {
    this.subscription = this.page.onDidReceiveMessage((data: unknown) => {
      if (isMessage(data)) callback(data);
    });
    return this.subscription;
  }

  override dispose(): void {
    this.subscription?.dispose();
    super.dispose();
  }
}

class WebviewWriter extends AbstractMessageWriter {
  private open = true;

  constructor(private readonly page: Page) {
    super();
  }

  async write(message: Message): Promise<void> {
    // False means that the page is hidden; it loads everything afresh when it is shown again.
    if (this.open) await this.page.postMessage(message);
  }

  end(): void {
    this.open = false;
  }

  override dispose(): void {
    this.open = false;
    super.dispose();
  }
}

function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'jsonrpc' in data;
}
