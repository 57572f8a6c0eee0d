// VS Code's window as a person sees it, driven with Playwright.
import { join } from 'node:path';

export class Workbench {
  /** @param {import('playwright-core').Page} page @param {string} shots folder of the screenshots. */
  constructor(page, shots) {
    this.page = page;
    this.shots = shots;
  }

  /** @returns the picture's bytes. */
  shot(name) {
    return this.page.screenshot({ path: join(this.shots, `${name}.png`) });
  }

  /** Opens the context menu of a folder in the explorer and chooses an entry. */
  async chooseInContextMenu(folderName, entry, beforeClick) {
    const folder = this.page.locator('.explorer-folders-view').getByRole('treeitem', { name: folderName });
    await folder.waitFor({ timeout: 60_000 });
    const item = this.page.getByRole('menuitem', { name: entry });
    for (let attempt = 0; attempt < 20; attempt++) {
      await folder.click({ button: 'right' });
      if (await appears(item, 1500)) break;
      await this.page.keyboard.press('Escape'); // the explorer shows before the extension's menus are known
    }
    await this.page.waitForTimeout(500); // the menu fades in, and takes no click before
    await beforeClick?.();
    await item.click();
  }

  /** Runs a command of the palette, which lists those of an extension only once they are known. */
  async runCommand(title) {
    const row = this.page.locator('.quick-input-list .monaco-list-row').getByText(title).first();
    for (let attempt = 0; attempt < 12; attempt++) {
      await this.page.keyboard.press('F1');
      // What was open before may close the palette with it.
      const isTyped = await this.quickInput()
        .fill(`>${title}`, { timeout: 5000 })
        .then(
          () => true,
          () => false,
        );
      if (isTyped && (await appears(row, 5000))) break;
      await this.page.keyboard.press('Escape');
    }
    await this.page.keyboard.press('Enter');
  }

  /** Runs a command that opens a pick, and waits for one of its rows. */
  async openPick(title, row) {
    await this.runCommand(title);
    await this.quickPick(row).waitFor({ timeout: 30_000 });
  }

  quickInput() {
    return this.page.locator('.quick-input-widget input.input').first();
  }

  /** A row of a pick by its label. @param {{ exact?: boolean }} [options] exact: not by a part of it, nor of what stands below. */
  quickPick(label, options) {
    return this.page.locator('.quick-input-list').getByText(label, options).first();
  }

  /** A button in the list of notifications: under the smoke-test driver they do not come up by themselves. */
  async notificationButton(name) {
    const button = this.page.locator('.notifications-center').getByRole('button', { name, exact: true });
    const bell = this.page.locator('#status\\.notifications a');
    for (let attempt = 0; attempt < 40; attempt++) {
      await bell.click(); // the list unfolds its newest entry as it opens
      await this.page.mouse.move(700, 20); // away from the bell, whose tooltip would lie over the button
      if (await appears(button, 1500)) break;
    }
    await this.page.waitForTimeout(800);
    return button;
  }

  /** What the list of notifications says; a dialog in the way is closed. */
  async notifications() {
    await this.page.keyboard.press('Escape');
    await this.page
      .locator('#status\\.notifications a')
      .click({ timeout: 5000 })
      .catch(() => undefined);
    const center = this.page.locator('.notifications-center');
    return (await appears(center, 3000)) ? center.innerText() : '';
  }

  /** The review's own page, inside VS Code's two frames; the first one shown that has a list, or what is told. */
  async review(inEditor = false, holding = '[role=listbox]') {
    const frames = this.page.locator('iframe.webview.ready');
    for (let attempt = 0; attempt < 100; attempt++) {
      for (let at = 0; at < (await frames.count()); at++) {
        const outer = frames.nth(at);
        const { width } = (await outer.boundingBox()) ?? { width: 0 };
        const frame = outer.contentFrame().locator('iframe#active-frame').contentFrame();
        if (width > 0 && width > 700 === inEditor && (await frame.locator(holding).count())) return frame;
      }
      await this.page.waitForTimeout(200);
    }
    throw new Error('The review did not open.');
  }
}

export function appears(locator, timeout) {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}
