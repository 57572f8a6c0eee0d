import {
  l10n,
  Uri,
  ViewColumn,
  window,
  type Disposable,
  type WebviewPanel,
  type WebviewPanelSerializer,
} from 'vscode';
import { ReviewPage, type PageSurroundings } from '../review/reviewPage';
import { scanName } from '../scans/scanCatalogue';

export const reviewEditorType = 'uniOod.reviewEditor';

/** The review screen in an editor tab, of which there is one; it comes back after a reload of the window. */
export class ReviewEditor implements WebviewPanelSerializer {
  private panel: WebviewPanel | null = null;

  constructor(private readonly around: PageSurroundings) {}

  get visible(): boolean {
    return this.panel?.visible ?? false;
  }

  /** The tab that the person works in. */
  get isActive(): boolean {
    return this.panel?.active ?? false;
  }

  open(): void {
    if (this.panel) this.panel.reveal();
    else this.adopt(window.createWebviewPanel(reviewEditorType, '', ViewColumn.Active));
  }

  deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    if (this.panel) panel.dispose();
    else this.adopt(panel);
    return Promise.resolve();
  }

  private adopt(panel: WebviewPanel): void {
    const { extension, session } = this.around;
    this.panel = panel;
    panel.iconPath = Uri.joinPath(extension, 'media', 'icon.png');
    const page = new ReviewPage(panel.webview, 'editor', this.around);
    const name = (): void => {
      panel.title = session.shown ? l10n.t('Review: {0}', scanName(session.shown)) : l10n.t('Review');
    };
    name();
    page.setVisible(panel.visible);
    const subscriptions: Disposable[] = [
      session.join(page),
      session.onDidChangeShown(name),
      panel.onDidChangeViewState(() => page.setVisible(panel.visible)),
    ];
    panel.onDidDispose(() => {
      page.close();
      for (const subscription of subscriptions) subscription.dispose();
      if (this.panel === panel) this.panel = null;
    });
  }
}
