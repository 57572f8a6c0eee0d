import type { Browser } from 'playwright-core';

/** A headless Chromium: the one of this machine, else the one that comes in the npm registry. */
export function launchChromium(): Promise<Browser>;
