import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunEvent } from '../../src/engine/events.ts';
import { answering, atEdge } from './edge-stack.ts';
import { putBack } from './engine-state.ts';
import { type StartedPlaybook, startPlaybook } from './run-playbook.ts';
import { shared } from './shared.ts';
import type { TestStack } from './stack.ts';
import { envFile, type Turn, withTurningStack } from './turning-stack.ts';
import { until } from './until.ts';

/** All that an undo has to bring back: containers and their settings, networks, volumes, names of images, the edge, files. */
export async function wholeStack(stack: TestStack) {
  const notes = ['exec', '-T', 'db', 'cat', '/data/note', '/extra/note', '/data/migrations'];
  const [engine, servers, files] = [await stack.state(), await atEdge(stack), await stack.compose(notes)];
  return {
    engine: putBack(engine),
    edge: servers
      .map(({ container, state, weight }) => `${container} ${state} ${weight}`)
      .toSorted((a, b) => a.localeCompare(b)),
    files,
    answer: await answering(stack),
  };
}

type Shared = { stack: TestStack; before: Awaited<ReturnType<typeof wholeStack>> };

/** One stack for all tests of a file, and what it was before them: each of them leaves it like that. */
export function sharedStack(name: string): () => Shared {
  return shared<Shared>((body) =>
    withTurningStack(name, async (stack) => body({ stack, before: await wholeStack(stack) })),
  );
}

export type Update = {
  turn: Turn;
  playbook?: string;
  inputs?: readonly string[];
  shell?: Record<string, string>;
  /** Is the database to be another one too? */
  database?: boolean;
  /** The event after which `act` is called, once; in the soak unless told. */
  when?: (event: RunEvent) => boolean;
  /** The new version turns bad unless told. */
  act?: (running: StartedPlaybook) => Promise<void>;
};

export type Updated = { code: number; events: RunEvent[]; shown: Record<string, unknown> };

/** An update whose new version goes wrong, by the real command line; the files are as before when it has ended. */
export async function update(stack: TestStack, options: Update): Promise<Updated> {
  const { turn, playbook = 'rolling-update', inputs = [], shell = {}, database = false } = options;
  const { when = (event) => isStarted(event, 'soak'), act = () => stack.write('turns/now', '') } = options;
  for (const left of ['now', 'first', 'eater'])
    await rm(join(stack.folder, 'turns', left), { recursive: true, force: true });
  await stack.write('.env', envFile(turn, database));
  const all = ['stable_for=0s', 'soak=20s', ...inputs].flatMap((input) => ['-i', input]);
  const { folder: cwd, stateDir, env } = stack;
  const args = ['run', `${playbook}.yml`, '--yes', '--json', ...all];
  const running = startPlaybook(args, { cwd, stateDir, env: { ...env, ...shell } });
  let over = false;
  try {
    const ended = running.ended.finally(() => {
      over = true;
    });
    await until('its moment', () => over || eventsIn(running.output().stdout).some(when));
    if (!over) await act(running);
    const { code, stdout, stderr } = await ended;
    const events = eventsIn(stdout);
    const last = events.at(-1);
    expect(last?.type, stdout.slice(-2000) + stderr).toBe('run.ended');
    const shown = (await stack.playbook(['show', last?.run ?? '', '--json'])).json() as Record<string, unknown>;
    return { code, events, shown };
  } finally {
    running.child.kill('SIGKILL');
    await stack.write('.env', envFile('none'));
  }
}

export function isStarted(event: RunEvent, step: string): boolean {
  return event.type === 'step.started' && event.step === step;
}

/** Where an event of this type stands first, or last. */
export function firstOf({ events }: Updated, type: RunEvent['type']): number {
  return events.findIndex((event) => event.type === type);
}

export function lastOf({ events }: Updated, type: RunEvent['type']): number {
  return events.findLastIndex((event) => event.type === type);
}

function eventsIn(stdout: string): RunEvent[] {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}
