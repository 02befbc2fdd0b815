import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export type Child = {
  process: ChildProcess;
  /** All that it has said until now. */
  lines(): string[];
  /** Resolves once it has said that many lines. */
  said(count: number): Promise<void>;
  /** All lines, once it has ended. */
  ended: Promise<string[]>;
};

/** Runs `history-child.ts` in a process of its own. */
export function spawnChild(args: readonly string[], options: { uid?: number } = {}): Child {
  const script = fileURLToPath(new URL('history-child.ts', import.meta.url));
  // A hundred of them start in one test: the cache halves what that takes.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), `playbook-test-cache-${process.getuid?.()}`) };
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['pipe', 'pipe', 'inherit'], ...options });
  onTestFinished(() => void child.kill('SIGKILL'));

  let text = '';
  const lines = () => text.split('\n').slice(0, -1);
  const waiting: { count: number; resolve: () => void }[] = [];
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    text += data;
    for (const each of waiting) if (lines().length >= each.count) each.resolve();
  });
  const ended = new Promise<string[]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(lines()));
  });
  const said = (count: number) =>
    new Promise<void>((resolve, reject) => {
      waiting.push({ count, resolve });
      if (lines().length >= count) resolve();
      void ended.then((all) => reject(new Error(`it ended after saying ${JSON.stringify(all)}`)), reject);
    });
  return { process: child, lines, said, ended };
}
