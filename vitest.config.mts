import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'extension/**/*.test.ts',
      'webview/**/*.test.ts',
      'test/webview/**/*.browser.test.ts',
      'test/commandLine/*.test.ts',
      'test/media/*.test.ts',
      'test/texts/*.test.ts',
    ],
    environment: 'node',
    env: { ORT_DISABLE_TELEMETRY: '1' },
    pool: 'forks', // onnxruntime crashes in worker threads
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
