import { defineConfig } from 'vitest/config';

/** What is timed runs alone, after all other tests. */
const timed = 'test/timed/**/*.test.ts';

export default defineConfig({
  test: {
    environment: 'node',
    env: { ORT_DISABLE_TELEMETRY: '1' },
    pool: 'forks', // onnxruntime crashes in worker threads
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: [
            'extension/**/*.test.ts',
            'webview/**/*.test.ts',
            'test/webview/**/*.test.ts',
            'test/commandLine/*.test.ts',
            'test/media/*.test.ts',
            'test/texts/*.test.ts',
          ],
          maxWorkers: 2,
          // Browsers and processes on a machine that does other things as well: what fails twice, fails.
          retry: 1,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'timed', include: [timed], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
