/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();

describe('the review before the first scan', () => {
  it('says what a scan is for, and leads to one', async () => {
    await screen.open({ screen: 'empty' });
    const welcome = screen.page.getByRole('main', { name: 'Review' });
    await welcome.getByRole('heading', { name: 'Find the objects that do not belong' }).waitFor();
    const words = await welcome.innerText();
    expect(words).toContain('Nothing leaves this computer.');
    expect(words).toContain('Right-click a folder, then Scan Folder for Out-of-Distribution Objects.');
    expect(words).toContain('Read from data.yaml or COCO annotations');
    expect(await screen.page.locator('.columns').count()).toBe(0);
    await welcome.getByRole('button', { name: 'Scan a Folder…' }).click();
    await screen.page.waitForFunction(() => window.fakeHost.commands.join() === 'scanFolder');
  });
});
