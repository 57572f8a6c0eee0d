/** A person who sees nothing happen for longer has gone on to something else. */
const patienceMilliseconds = 2000;

/** An answer that actions wait for. */
export interface Hold {
  /** It took too long: the actions after it were dropped. */
  readonly isOver: boolean;
  /** It has come; what waited is done. */
  end(): void;
}

/**
 * Actions in the order of their keys. Where one needs an answer before it is known which object is looked at, as an undo does,
 * those after it wait, so that no verdict goes to another object than the one that they bring.
 */
export class ActionTurns {
  readonly #holds = new Set<Hold>();
  #waiting: (() => void)[] = [];
  readonly #dropped: () => void;

  /** @param dropped called where actions were given up, since an answer took too long. */
  constructor(dropped: () => void) {
    this.#dropped = dropped;
  }

  /** Acts now, or after what is waited for. */
  take(act: () => void): void {
    if (this.#holds.size === 0) act();
    else this.#waiting.push(act);
  }

  /** Actions taken from here on wait for the end of what is returned. */
  hold(): Hold {
    const hold = {
      isOver: false,
      end: (): void => {
        clearTimeout(expiry);
        this.#holds.delete(hold);
        while (this.#holds.size === 0 && this.#waiting.length > 0) this.#waiting.shift()?.();
      },
    };
    const expiry = setTimeout(() => {
      hold.isOver = true;
      this.#holds.delete(hold);
      if (this.#waiting.length > 0) this.#dropped();
      this.#waiting = [];
    }, patienceMilliseconds);
    this.#holds.add(hold);
    return hold;
  }
}
