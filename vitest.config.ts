import { defineConfig } from 'vitest/config';

const reporters = ['default', './test/support/closing-line-reporter.ts'];

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    reporters,
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/docker/**'], testTimeout: 60_000 } },
      {
        test: {
          name: 'docker',
          include: ['test/docker/**/*.test.ts'],
          globalSetup: ['./test/support/docker-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
