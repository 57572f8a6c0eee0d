#!/usr/bin/env node
// Stands in for the `code` program that @vscode/test-electron starts, where VS Code cannot be downloaded: the same options and
// exit status, but the host is the VS Code server of the npm registry, with a headless browser as its window.
import { format } from 'node:util';
import { launchChromium } from '../browser/chromium.mjs';
import { remoteUri, startServer } from './server.mjs';

const options = new Map();
let folder;
for (const argument of process.argv.slice(2)) {
  const [, name, value] = /^--([^=]+)(?:=(.*))?$/.exec(argument) ?? [];
  if (name) options.set(name, value);
  else folder = argument;
}

// @vscode/test-electron trusts every folder; a run in Restricted Mode says so beside it.
const server = await startServer({ isRestricted: options.has('restricted') });
const browser = await launchChromium();
let status = 1;
try {
  const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
  const ended = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
  await page.exposeFunction('codeAutomationLog', (type, values) => {
    const line = format(...values);
    if (/Could not locate the bindings file/.test(line)) return; // its native logger is not built; it logs without
    if (
      type === 'error' ||
      !/^(Ignoring|Creating a socket|Resolv|\[|Started local|Updating additional)/.test(line)
    )
      console.log(line);
  });
  const payload = ['extensionDevelopmentPath', 'extensionTestsPath'].flatMap((name) =>
    options.has(name) ? [[name, remoteUri(options.get(name))]] : [],
  );
  await page.goto(server.address(folder, payload));
  const limit = new Promise((resolve) =>
    setTimeout(() => resolve(124), Number(process.env.UNI_OOD_HOST_TIMEOUT ?? 400_000)),
  );
  status = await Promise.race([ended, limit]);
  if (status === 124) console.error(`VS Code took too long; its log: ${server.log}`);
} finally {
  await browser.close();
  server.stop();
}
setTimeout(() => process.exit(status), 1000);
