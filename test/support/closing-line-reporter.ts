import type { Reporter, TestModule } from 'vitest/node';

/** Prints `Tests: N passed, N failed` as the last line, for people and for scripts that look for it. */
// biome-ignore lint/style/noDefaultExport: vitest loads a reporter file by its default export.
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[] = []): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length;
    const count = (state: string) => states.filter((each) => each === state).length;
    process.stdout.write(
      `\nTests: ${count('passed')} passed, ${count('failed') + broken + unhandledErrors.length} failed\n`,
    );
  }
}
