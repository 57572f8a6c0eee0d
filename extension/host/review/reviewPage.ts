import { Uri, type Webview } from 'vscode';
import { connect, type TypedConnection } from '../../messaging/typedConnection';
import type { NotificationContract } from '../../protocol/contract';
import * as review from '../../protocol/review';
import type { ObjectColumns, ObjectDetail, ScanReference } from '../../protocol/scan';
import type { ReviewPlace, ReviewSession } from './reviewSession';
import { reviewHtml, screenFolder } from './reviewHtml';
import { webviewConnection } from './webviewTransport';

/** What a page may ask of VS Code itself. */
export interface PageActions {
  run(command: string): Promise<void>;
  setAutoAdvance(autoAdvance: review.AutoAdvance): Promise<void>;
  openPhoto(reference: ScanReference, file: string): Promise<void>;
  revealFile(reference: ScanReference, file: string): Promise<void>;
}

export interface PageSurroundings {
  readonly extension: Uri;
  /** Holds the state of scanned folders that cannot be written to. */
  readonly stateDirectory: Uri;
  readonly session: ReviewSession;
  readonly actions: PageActions;
}

type Chunk = { reference: ScanReference; columns: ObjectColumns };

/**
 * The review screen in one webview. VS Code throws a hidden page away and loads it anew when it is shown, so every
 * showing is a conversation of its own.
 */
export class ReviewPage implements ReviewPlace {
  private connection: TypedConnection | null = null;
  private roots: string[] = [];
  /** Chunks that came while the page was loading: its snapshot may or may not hold them. */
  private held: Chunk[] | null = null;

  constructor(
    private readonly webview: Webview,
    readonly place: review.ReviewState['place'],
    private readonly around: PageSurroundings,
  ) {
    const { shown } = around.session;
    this.setRoots(shown ? [shown.folder] : []);
    webview.html = reviewHtml(webview, around.extension, place);
  }

  get visible(): boolean {
    return this.connection !== null;
  }

  /** Follows whether the webview can be seen. */
  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    if (visible) this.connection = connect(webviewConnection(this.webview), (typed) => this.answer(typed));
    else this.close();
    this.around.session.placeChanged();
  }

  notify<Params>(contract: NotificationContract<Params>, params: Params): void {
    if (this.held && contract.method === review.reviewObjectsAdded.method) this.held.push(params as Chunk);
    else this.connection?.notify(contract, params);
  }

  admit(folder: string): boolean {
    if (this.roots.includes(folder)) return false;
    const { visible } = this;
    this.close();
    this.setRoots([folder]); // reloads the page
    this.setVisible(visible);
    return visible;
  }

  close(): void {
    if (this.visible) this.around.session.keyboardChanged({ focused: false, typing: false }, this);
    this.connection?.dispose();
    this.connection = null;
    this.held = null;
  }

  private setRoots(folders: string[]): void {
    this.roots = folders;
    const { extension, stateDirectory } = this.around;
    this.webview.options = {
      enableScripts: true,
      localResourceRoots: [screenFolder(extension), stateDirectory, ...folders.map((path) => Uri.file(path))],
    };
  }

  private answer(typed: TypedConnection): void {
    const { session, actions } = this.around;
    typed.onRequest(review.loadReview, () => this.load(typed));
    typed.onRequest(review.loadObject, async ({ reference, id }, signal) =>
      this.withAddresses(await session.object(reference, id, signal)),
    );
    typed.onRequest(review.loadThumbnails, async ({ reference, ids }, signal) => {
      const paths = await session.thumbnails(reference, ids, signal);
      return { sources: paths.map((path) => (path === null ? null : this.address(path))) };
    });
    typed.onRequest(review.loadLikeness, ({ reference }, signal) => session.likeness(reference, signal));
    typed.onRequest(review.giveVerdicts, ({ reference, step }) => {
      session.decide(reference, step);
      return {};
    });
    typed.onNotification(review.saveAgain, () => session.saveAgain());
    typed.onRequest(review.moveInHistory, ({ reference, direction }) =>
      session.moveInHistory(reference, direction),
    );
    typed.onRequest(review.saveThreshold, ({ reference, value }) =>
      session.setThreshold(reference, value, this),
    );
    typed.onRequest(review.saveThresholdPerClass, async ({ reference, chosen }) => {
      await session.setThresholdPerClass(reference, chosen);
      return {};
    });
    typed.onRequest(review.saveTruePositiveRate, async ({ reference, rate }) => {
      await session.setTruePositiveRate(reference, rate);
      return {};
    });
    typed.onRequest(review.setAutoAdvance, async ({ autoAdvance }) => {
      await actions.setAutoAdvance(autoAdvance);
      return {};
    });
    typed.onRequest(review.runCommand, async ({ command }) => {
      await actions.run(command);
      return {};
    });
    typed.onRequest(review.dismissLeftOut, async ({ reference }) => {
      await session.dismissLeftOut(reference, this);
      return {};
    });
    typed.onRequest(review.openPhoto, async ({ reference, file }) => {
      await actions.openPhoto(reference, file);
      return {};
    });
    typed.onRequest(review.revealFile, async ({ reference, file }) => {
      await actions.revealFile(reference, file);
      return {};
    });
    typed.onNotification(review.keyboardChanged, (keyboard) => session.keyboardChanged(keyboard, this));
    typed.onNotification(review.focusObject, ({ id }) => session.focus(id, this));
  }

  private async load(typed: TypedConnection): Promise<review.ReviewState> {
    this.held = [];
    try {
      return await this.around.session.state(this.place);
    } finally {
      const held = this.held ?? [];
      this.held = null;
      // After the answer has left.
      setImmediate(() => {
        if (this.connection !== typed) return;
        for (const chunk of held) typed.notify(review.reviewObjectsAdded, chunk);
      });
    }
  }

  private withAddresses(detail: ObjectDetail): ObjectDetail {
    const { crop, photo } = detail;
    return {
      ...detail,
      crop: crop && { ...crop, source: this.address(crop.source) },
      photo: photo && { ...photo, source: this.address(photo.source) },
    };
  }

  private address(path: string): string {
    return this.webview.asWebviewUri(Uri.file(path)).toString();
  }
}
