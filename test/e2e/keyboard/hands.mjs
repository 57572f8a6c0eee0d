// All that a person without a mouse has: keys to press and a screen to read. Who is handed these two cannot reach the page,
// so that nothing they do is a click.

/** Presses keys, wherever the keyboard goes now. */
export class Hands {
  #keyboard;

  /** @param {import('playwright-core').Keyboard} keyboard */
  constructor(keyboard) {
    this.#keyboard = keyboard;
  }

  /** One key after the other. @param {string[]} keys in Playwright's words: `j`, `Shift+F10`. */
  async press(...keys) {
    for (const key of keys) await this.#keyboard.press(key);
  }

  /** @param {string} text */
  type(text) {
    return this.#keyboard.type(text);
  }
}

/** Reads the screen: every answer is text, a number or whether something is there, never a handle on it. */
export class Eyes {
  #page;
  #workbench;

  /** @param {import('../workbench.mjs').Workbench} workbench */
  constructor(workbench) {
    this.#page = workbench.page;
    this.#workbench = workbench;
  }

  /** What keys go to in VS Code's own window, as it is read out; empty where nothing has a name. */
  focused() {
    return this.#page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      const row = document.getElementById(at?.getAttribute('aria-activedescendant') ?? '');
      return ((row ?? at)?.getAttribute('aria-label') ?? (row ?? at)?.textContent ?? '').trim();
    });
  }

  /** Names of the entries of the open context menu. */
  async menu() {
    const names = await this.#page.getByRole('menu').getByRole('menuitem').allInnerTexts();
    return names.map((name) => name.trim());
  }

  /** What is typed in the open pick; null where none is open. */
  typed() {
    return this.#page.evaluate(() => {
      const field = document.querySelector('.quick-input-widget input.input');
      return field?.checkVisibility() ? field.value : null;
    });
  }

  /** The line of the open pick that Enter chooses, as it is read out; empty where there is none. */
  picked() {
    return this.#page.evaluate(() => {
      const line = document.querySelector('.quick-input-list .monaco-list-row.focused');
      return (line?.checkVisibility() && line.getAttribute('aria-label')) || '';
    });
  }

  /**
   * The review in the side bar, or in its editor.
   * @param {boolean} inEditor
   * @returns {Promise<{ focused: boolean, isScanning: boolean, objects: number, place: number, object: string, said: Record<number, string>,
   * map: string, threshold: number, naming: string | null }>} focused: keys go to it; object: the one that is looked at, as it
   * is read out, and `said` every object in sight by its place in the list; naming: what is typed as a new name.
   */
  async review(inEditor) {
    const page = await this.#workbench.review(inEditor);
    return page.locator('body').evaluate(() => {
      const rows = [...document.querySelectorAll('.list [role=option]')];
      const at = document.querySelector('.list [role=option].focused');
      const placeOf = (row) => Number(row?.getAttribute('aria-posinset'));
      const textOf = (row) => row?.getAttribute('aria-label')?.trim() ?? '';
      return {
        focused: document.hasFocus(),
        isScanning: document.querySelector('[role=progressbar]') !== null,
        objects: Number(rows.at(0)?.getAttribute('aria-setsize') ?? 0),
        place: placeOf(at),
        object: textOf(at),
        said: Object.fromEntries(rows.map((row) => [placeOf(row), textOf(row)])),
        map: textOf(document.querySelector('[role=radiogroup][aria-label=Map] [aria-checked=true]')),
        threshold: Number(document.querySelector('.threshold input')?.value),
        naming: document.querySelector('[role=dialog] input[role=combobox]')?.value ?? null,
      };
    });
  }
}
