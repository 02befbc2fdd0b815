import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root } from '../test/support/images.ts';
import { node24 } from '../test/support/run-playbook.ts';

/** Median, fastest and slowest of the milliseconds that were taken. */
export type Timing = { median: number; min: number; max: number; runs: number; values: readonly number[] };

/**
 * Takes every contender in turns, so that a machine that is slow for a moment is slow for all of them.
 * One round before the first that counts warms the caches.
 */
export async function inTurns<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, () => number | Promise<number>>>,
): Promise<Record<Name, Timing>> {
  const names = Object.keys(contenders) as Name[];
  const taken = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const ms = await contenders[name]();
      if (round > 0) taken.get(name)?.push(ms);
    }
  }
  return Object.fromEntries(names.map((name) => [name, timing(taken.get(name) ?? [])])) as Record<Name, Timing>;
}

function timing(values: readonly number[]): Timing {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted.at(index) ?? Number.NaN;
  return { median: at(Math.floor(sorted.length / 2)), min: at(0), max: at(-1), runs: sorted.length, values };
}

/** The median of what the rounds say one by one: a slow moment hits both contenders of a round. */
export function ratio(of: Timing, to: Timing): number {
  return timing(of.values.map((value, round) => value / (to.values[round] ?? Number.NaN))).median;
}

/** Node 24 first in the PATH, and without what makes only some Nodes start slower. */
export const env: Record<string, string | undefined> = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH']}`,
  NODE_EXTRA_CA_CERTS: undefined,
  NODE_OPTIONS: undefined,
  NO_COLOR: '1',
};

/** Milliseconds that a program takes from its start to its end; throws when it fails. */
export function timed(argv: readonly string[], options: SpawnSyncOptions = {}): number {
  const [file = '', ...args] = argv;
  const from = performance.now();
  const ended = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'], env, ...options });
  const ms = performance.now() - from;
  if (ended.status !== 0) throw new Error(`${argv.join(' ')} ended with ${ended.status}: ${String(ended.stderr)}`);
  return ms;
}

export const playbook = (...args: string[]): string[] => [node24, join(root, 'bin/playbook.js'), ...args];

export const isInstalled = (program: string): boolean => spawnSync('which', [program]).status === 0;

/** One line: what, the figure, and the goal beside it. */
export function report(what: string, figure: string, goal: { text: string; met: boolean }): void {
  console.log(`  ${goal.met ? '✓' : '✗'} ${what.padEnd(46)} ${figure.padEnd(44)} goal: ${goal.text}`);
}

export function ms({ median, min, max, runs }: Timing): string {
  return `${median.toFixed(0)} ms (${min.toFixed(0)}-${max.toFixed(0)}, n=${runs})`;
}
