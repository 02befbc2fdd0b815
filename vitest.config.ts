import { defineConfig } from 'vitest/config';

/** Only for what hangs: how long a test takes on a busy machine says nothing about it. */
const MINUTES = 60_000;

const reporters = ['default', './test/support/closing-line-reporter.ts'];

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export.
export default defineConfig({
  test: {
    reporters,
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/docker/**'], testTimeout: 3 * MINUTES } },
      {
        test: {
          name: 'docker',
          include: ['test/docker/**/*.test.ts'],
          exclude: ['test/docker/load/**'],
          globalSetup: ['./test/support/docker-setup.ts'],
          testTimeout: 10 * MINUTES,
          hookTimeout: 10 * MINUTES,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'load',
          include: ['test/docker/load/**/*.test.ts'],
          globalSetup: ['./test/support/docker-setup.ts'],
          testTimeout: 10 * MINUTES,
          hookTimeout: 10 * MINUTES,
          // One file at a time, after all the others: what loses requests must be playbook, never a machine that others keep busy.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
