/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import type { EngineState } from '../../extension/protocol/review';
import { ReviewScreen } from '../../test/webview/reviewScreen';

const screen = new ReviewScreen();
const alert = () => screen.page.getByRole('alert');
const setEngine = (state: EngineState): Promise<void> =>
  screen.page.evaluate((told) => window.fakeHost.setEngine(told), state);
const asked = (command: string) =>
  screen.page.waitForFunction((wanted) => window.fakeHost.commands.includes(wanted), command);

describe('a banner', () => {
  it('says that verdicts wait while they cannot be saved, until they can', async () => {
    await screen.openList({ reviewed: 0 });
    await screen.page.evaluate(() => (window.fakeHost.savingFails = 'The disk is full.'));
    await screen.page.getByRole('button', { name: 'Ignore' }).click();
    await alert().getByText('The disk is full.').waitFor();
    await screen.page.evaluate(() => (window.fakeHost.savingFails = null));
    await screen.page.getByRole('button', { name: 'Try Again' }).click();
    await screen.decisions(1);
    await alert().waitFor({ state: 'detached' });
  });

  it('says where a stopped scan stands, and resumes it', async () => {
    await screen.openList({ screen: 'stopped' });
    const banner = screen.page.getByRole('status').filter({ hasText: 'Paused at 962 of 1,923 images.' });
    await banner.getByRole('button', { name: 'Resume' }).click();
    await asked('resumeScan');
  });

  it('says why a scan failed, and tries again', async () => {
    await screen.openList({ screen: 'scanning' });
    await screen.page.evaluate(() => window.fakeHost.endScan('The disk is full.'));
    await alert().getByText('The scan failed at 962 of 1,923 images: The disk is full.').waitFor();
    await alert().getByRole('button', { name: 'Try Again' }).click();
    await asked('resumeScan');
  });

  it('says that the engine is slow or stopped, with what to do, until it answers', async () => {
    await screen.openList();
    await setEngine({ kind: 'slow', message: 'The engine does not answer at the moment.' });
    const slow = screen.page.getByRole('status').filter({ hasText: 'does not answer at the moment' });
    await slow.getByRole('button', { name: 'Restart Engine' }).click();
    await slow.getByRole('button', { name: 'Show Log' }).click();
    await setEngine({ kind: 'stopped', message: 'The engine stopped.', restarting: false });
    await slow.waitFor({ state: 'detached' });
    await alert().getByRole('button', { name: 'Restart Engine' }).click();
    await expect
      .poll(() => screen.page.evaluate(() => window.fakeHost.commands))
      .toEqual(['restartEngine', 'showLog', 'restartEngine']);
    await setEngine({ kind: 'stopped', message: 'The engine stopped.', restarting: true });
    await alert().getByText('It is being started again.').waitFor();
    expect(await alert().getByRole('button', { name: 'Restart Engine' }).count()).toBe(0);
    await setEngine({ kind: 'running' });
    await alert().waitFor({ state: 'detached' });
  });
});
