/** A key held so long was held, not tapped. */
const holdMilliseconds = 250;
/** So long after a key was let go VS Code may still tell of it: on a busy machine it has come to two seconds and more. */
const lateMilliseconds = 4000;
const textFields =
  'input:not([type=checkbox], [type=range]), select, textarea, [contenteditable=true], [data-own-keys] *';

/** Whether a key pressed there writes text, or is the place's own. */
export const isTyping = (place: EventTarget | null): boolean =>
  place instanceof Element && place.matches(textFields);

interface Press {
  readonly code: string;
  readonly since: number;
  /** What it did last. */
  action: string | null;
  repeated: boolean;
  until: number;
}

/**
 * Keys as this page sees them. VS Code decides what a key does (its keybindings), and tells so; here is known whether
 * keys come here at all, whether text is typed, and which key is down.
 */
export class Keyboard {
  #down: Press | null = null;
  /** By key, in the order they were let go: what VS Code tells of them may still be on its way. */
  readonly #letGo = new Map<string, Press>();
  #untilReleased: { readonly press: Press; readonly then: () => void } | null = null;
  #told = '';

  constructor(page: Window, tell: (state: { focused: boolean; typing: boolean }) => void) {
    const report = (): void => {
      const focused = page.document.hasFocus();
      const typing = isTyping(page.document.activeElement);
      const state = JSON.stringify({ focused, typing });
      if (state === this.#told) return;
      this.#told = state;
      tell({ focused, typing });
    };
    // The element that gets the focus is known only after the one that had it was left.
    const reportSoon = (): void => void setTimeout(report);
    for (const event of ['focusin', 'focusout']) page.document.addEventListener(event, reportSoon);
    page.addEventListener('focus', report);
    page.addEventListener('blur', () => {
      report();
      this.#release();
    });
    // In front of VS Code, which hears of a key last.
    page.addEventListener('keydown', (event) => this.#press(event), true);
    page.addEventListener('keyup', (event) => this.#up(event), true);
    report();
  }

  /**
   * True for the first time a key press does `action`: a key that is held down repeats, and not every action may. A press
   * that has not repeated takes every action as new, since an action may come only when its key was let go and the next is
   * down.
   */
  isNewPress(action: string): boolean {
    const late = this.#late();
    if (late.some((press) => press.repeated && press.action === action)) return false;
    const press = this.#down ?? late.at(-1);
    if (press === undefined) return true;
    const isNew = !press.repeated || press.action !== action;
    press.action = action;
    return isNew;
  }

  /** Calls back when the key that is down now is let go, if it was held and not tapped. */
  whenHeldIsReleased(then: () => void): void {
    this.#untilReleased = this.#down === null ? null : { press: this.#down, then };
  }

  #press(event: KeyboardEvent): void {
    const { code, repeat } = event;
    // All objects are meant, not all texts of the page.
    if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey) && !isTyping(event.target))
      event.preventDefault();
    if (!repeat) {
      this.#letDownGo();
      this.#down = { code, since: performance.now(), action: null, repeated: false, until: Infinity };
      this.#letGo.delete(code);
    } else if (this.#down?.code === code) this.#down.repeated = true;
  }

  /** Keys that were down until a moment ago and are not again: VS Code may still tell of them. */
  #late(): Press[] {
    const now = performance.now();
    return [...this.#letGo.values()].filter(({ until }) => now - until < lateMilliseconds);
  }

  #up({ code }: KeyboardEvent): void {
    const waiting = this.#untilReleased;
    if (waiting?.press.code === code) {
      this.#untilReleased = null;
      if (performance.now() - waiting.press.since >= holdMilliseconds) waiting.then();
    }
    if (this.#down?.code === code) this.#letDownGo();
  }

  /** Keys go elsewhere: what was held counts as let go. */
  #release(): void {
    this.#untilReleased?.then();
    this.#untilReleased = null;
    this.#letDownGo();
  }

  /** The key that is down repeats no more, since it was let go or another is down. */
  #letDownGo(): void {
    if (this.#down) this.#letGo.set(this.#down.code, { ...this.#down, until: performance.now() });
    this.#down = null;
  }
}
