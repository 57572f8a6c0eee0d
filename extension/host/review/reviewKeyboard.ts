import { EventEmitter, type Disposable } from 'vscode';

/** Whether keys go to the review, and whether text is typed in it. */
export interface Keyboard {
  readonly focused: boolean;
  readonly typing: boolean;
}

/** Where keys go, as VS Code is told: to the review only once they keep their order there. */
export class ReviewKeyboard implements Disposable {
  private readonly moved = new EventEmitter<Keyboard>();
  readonly onDidChange = this.moved.event;
  private latest: Keyboard = { focused: false, typing: false };
  /** Before, a key that leads on may overtake one that gives a verdict: none acts. */
  private isInOrder = false;

  change(keyboard: Keyboard): void {
    this.latest = keyboard;
    this.tell();
  }

  /** From here on keys of the review may act. */
  keepsOrder(): void {
    this.isInOrder = true;
    this.tell();
  }

  dispose(): void {
    this.moved.dispose();
  }

  private tell(): void {
    const { focused, typing } = this.latest;
    this.moved.fire({ focused: focused && this.isInOrder, typing });
  }
}
