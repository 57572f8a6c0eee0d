// VS Code in a browser with the extension under development on a copy of the samples, for a machine without a desktop.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copySamples } from './samples.mjs';
import { remoteUri, startServer } from './server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const workspace = mkdtempSync(join(tmpdir(), 'uni-ood-'));
copySamples(root, join(workspace, 'samples'));
const server = await startServer({ port: Number(process.env.PORT ?? 0) || undefined });
console.log(
  `Open ${server.address(workspace, [['extensionDevelopmentPath', remoteUri(root)]])}\nCtrl+C stops it.`,
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => {
    server.stop();
    rmSync(workspace, { recursive: true, force: true });
    setTimeout(() => process.exit(0), 1000);
  });
