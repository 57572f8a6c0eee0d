import { commands, type Disposable, type WebviewView, type WebviewViewProvider } from 'vscode';
import { ReviewPage, type PageSurroundings } from '../review/reviewPage';
import { scanName } from '../scans/scanCatalogue';

export const reviewViewId = 'uniOod.review';

/** The review screen in the side bar. */
export class ReviewView implements WebviewViewProvider {
  private view: WebviewView | null = null;

  constructor(private readonly around: PageSurroundings) {}

  get visible(): boolean {
    return this.view?.visible ?? false;
  }

  /** Shows the view; with `preserveFocus` the person goes on typing where they were. */
  async reveal(preserveFocus: boolean): Promise<void> {
    if (this.view) this.view.show(preserveFocus);
    else await commands.executeCommand(`${reviewViewId}.focus`, { preserveFocus });
  }

  resolveWebviewView(view: WebviewView): void {
    const { session } = this.around;
    this.view = view;
    const page = new ReviewPage(view.webview, 'sideBar', this.around);
    const describe = (): void => {
      view.description = session.shown ? scanName(session.shown) : undefined;
    };
    describe();
    page.setVisible(view.visible);
    const subscriptions: Disposable[] = [
      session.join(page),
      session.onDidChangeShown(describe),
      view.onDidChangeVisibility(() => page.setVisible(view.visible)),
    ];
    view.onDidDispose(() => {
      page.close();
      for (const subscription of subscriptions) subscription.dispose();
      if (this.view === view) this.view = null;
    });
  }
}
