import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Glimpse, RunEventBody } from '../../src/engine/events.ts';
import type { Plan } from '../../src/plan/types.ts';
import { columnsOf } from '../../src/report/layout.ts';
import { createReporter } from '../../src/report/reporter.ts';
import { plainStyle } from '../../src/report/style.ts';
import { created, ended, eventsOf, failed, go, NIGHT, receipt, started, undone } from '../support/events.ts';
import { createTerminal } from '../support/terminal.ts';

type Part = RunEventBody | { wait: number };

function live(columns = 80, plan?: Plan) {
  const terminal = createTerminal(columns);
  let now = NIGHT;
  let ticking: (() => void) | undefined;
  const reporter = createReporter({
    mode: 'terminal',
    out: (text) => terminal.write(text),
    style: plainStyle(columns),
    columns: () => terminal.columns,
    now: () => now,
    plan,
    every: (_, call) => {
      ticking = call;
      return () => {
        ticking = undefined;
      };
    },
  });
  return {
    terminal,
    reporter,
    show(...parts: Part[]) {
      for (const event of eventsOf(...parts)) {
        now = event.at;
        reporter.watch(event);
      }
    },
    glimpse(glimpse: Glimpse) {
      reporter.watch(glimpse);
    },
    pass(ms: number) {
      now += ms;
      ticking?.();
    },
    isTicking: () => ticking !== undefined,
  };
}

const begin: Part[] = [created(), go('config'), { wait: 400 }, { type: 'run.started' }];

describe('the live view', () => {
  it('must keep what has ended as rows, with the time at the right edge', () => {
    const { show, terminal } = live(60);
    show(...begin, started('pull', 'compose.pull'), { wait: 200 }, ended('pull', { say: 'everything is here' }));
    expect(terminal.lines()).toEqual([
      '  ✓ guards    1 go                                    0.4 s',
      '  ✓ pull      everything is here                      0.2 s',
    ]);
  });

  it('must show what goes on, for how long, what it waits for and the last lines of it', () => {
    const { show, glimpse, pass, terminal } = live(60);
    show(...begin, started('healthy', 'health.wait'));
    for (const line of ['one', 'two', 'three', '\u001b[31mfour\u001b[0m'])
      glimpse({ type: 'line', step: 'healthy', line });
    glimpse({ type: 'progress', step: 'healthy', say: 'waiting for web: starting', done: 3, total: 5 });
    pass(12_000);
    expect(terminal.lines().slice(1)).toEqual([
      '  › healthy   waiting for web: starting (3/5)          12 s',
      '              two',
      '              three',
      '              four',
    ]);
  });

  it('must replace what went on by what came of it', () => {
    const { show, pass, terminal } = live(60);
    show(...begin, started('up', 'compose.up'));
    pass(1000);
    expect(terminal.lines()[1]).toMatch(/^ {2}› up/);
    show(...begin, started('up', 'compose.up'), { wait: 1600 }, ended('up', { say: 'web recreated' }));
    expect(terminal.lines().filter((line) => line.includes('›'))).toEqual([]);
  });

  it('must say when the next attempt begins', () => {
    const { show, terminal } = live(80);
    const error = { class: 'transient', message: 'the registry did not answer' } as const;
    show(...begin, started('pull', 'compose.pull'), failed('pull', error, { retry_at: NIGHT + 5400 }));
    expect(terminal.lines().slice(1)).toEqual([
      '  ! pull      attempt 1 failed: the registry did not answer; again in 5 s',
      '  › pull      waits for the next attempt                               5 s left',
    ]);
  });

  it('must show an undo while it lasts and when it is done', () => {
    const { show, terminal } = live(80);
    show(
      ...begin,
      started('up', 'compose.up'),
      receipt('up', 1),
      { type: 'undo.started', cause: 'cancel' },
      ...undone('up', 1, 'web is back on 1.4.1'),
    );
    expect(terminal.lines().at(-1)).toMatch(/^ {2}↺ up +web is back on 1\.4\.1 +0\.9 s$/);
  });

  it('must end with how it ended, and stop ticking', () => {
    const { show, reporter, terminal, isTicking } = live(60);
    show(...begin, { wait: 600 }, { type: 'run.ended', status: 'succeeded', say: 'done' });
    expect(isTicking()).toBe(true);
    reporter.close();
    expect(isTicking()).toBe(false);
    expect(terminal.lines().slice(-2)).toEqual(['', 'Done in 0.6 s.']);
  });

  it('must not draw more often than a person can read', () => {
    const { show, glimpse, terminal } = live(60);
    show(...begin, started('build', 'compose.build'));
    const before = terminal.writes();
    for (let line = 0; line < 1000; line += 1) glimpse({ type: 'line', step: 'build', line: `line ${line}` });
    expect(terminal.writes() - before).toBeLessThanOrEqual(1);
  });

  it('must not write at all while nothing changes', () => {
    const { show, pass, terminal } = live(60);
    show(...begin, started('soak', 'wait.soak'));
    pass(1000);
    const before = terminal.writes();
    pass(100);
    expect(terminal.writes()).toBe(before);
  });

  it('must not leave rests of long lines behind when the terminal gets narrower', () => {
    const { show, glimpse, pass, terminal } = live(100);
    show(...begin, started('pull', 'compose.pull'));
    glimpse({ type: 'progress', step: 'pull', say: 'x'.repeat(300) });
    pass(1000);
    terminal.resize(40);
    pass(1000);
    expect(terminal.lines().filter((line) => line.includes('›'))).toHaveLength(1);
    expect(terminal.lines().filter((line) => line.includes('xxx'))).toHaveLength(1);
  });

  const loop: Part[] = [
    started('roll', 'for_each'),
    { type: 'loop.entered', step: 'roll', batches: [['a'], ['b']], delay: 5000 },
  ];
  const inLoop = {
    steps: [
      { id: 'roll', uses: 'for_each' },
      { id: 'start', uses: 'replicas.start', inside: 'roll' },
      { id: 'ready', uses: 'health.wait', inside: 'roll' },
    ],
    changes: [],
    triggers: [],
  } as unknown as Plan;

  it('must show a batch as one line that fills in, for as long as the batch lasts', () => {
    const { show, glimpse, pass, terminal } = live(80, inLoop);
    show(
      ...begin,
      ...loop,
      started('start[1]', 'replicas.start'),
      { wait: 2000 },
      ended('start[1]', { say: 'web-4 started' }),
      started('ready[1]', 'health.wait'),
    );
    glimpse({ type: 'progress', step: 'ready[1]', say: 'waiting for web-4' });
    pass(1000);
    expect(terminal.lines().slice(1)).toEqual([
      '  › roll 1 of 2  web-4 started · ready: waiting for web-4                   3 s',
    ]);
  });

  it('must give way with what has been done where a batch does not fit the line', () => {
    const { show, glimpse, pass, terminal } = live(50, inLoop);
    show(
      ...begin,
      ...loop,
      started('start[1]', 'replicas.start'),
      ended('start[1]', { say: 'web-4 started' }),
      started('ready[1]', 'health.wait'),
    );
    glimpse({ type: 'progress', step: 'ready[1]', say: 'waiting for it' });
    pass(1000);
    expect(terminal.lines().at(-1)).toMatch(/^ {2}› roll 1 of 2 +… · ready: waiting… +1 s$/);
  });

  it('must say between two batches when the next one begins', () => {
    const { show, pass, terminal } = live(80, inLoop);
    show(...begin, ...loop, started('ready[1]', 'health.wait'), ended('ready[1]', { say: 'healthy' }));
    pass(2000);
    expect(terminal.lines().slice(1)).toEqual([
      '  ✓ roll 1 of 2  healthy',
      '  › roll 2 of 2  begins after a pause                                  3 s left',
    ]);
  });

  it('must show all that goes on at the same time', () => {
    const { show, terminal } = live(60);
    show(...begin, started('look', 'parallel'), started('smoke', 'http.check'), started('mail', 'shell.run'));
    expect(
      terminal
        .lines()
        .slice(1)
        .map((line) => line.trim().replace(/ {2,}/g, ' ')),
    ).toEqual(['› look · smoke http.check 0 s', '› look · mail shell.run 0 s']);
  });

  it('must show in a soak what is watched, what of it is not well, and how long is left', () => {
    const { show, glimpse, terminal, pass } = live(80);
    show(
      ...begin,
      { type: 'trigger.opened', trigger: 'errors', uses: 'watch.logs' },
      { type: 'trigger.opened', trigger: 'hot', uses: 'watch.usage' },
      started('soak', 'wait.soak'),
      { type: 'trigger.noted', trigger: 'hot', now: 'bad', say: 'memory 97 %' },
    );
    glimpse({ type: 'progress', step: 'soak', say: 'watching, 4 min left' });
    pass(1000);
    expect(terminal.lines().slice(-2)).toEqual([
      '  › soak      watching, 4 min left                                          1 s',
      '              watching: errors and hot (memory 97 %)',
    ]);
  });

  it('must never write over a row, whatever comes in and however wide the terminal is', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constant('\u001b[2J\u001b[5A'),
      fc.constant('日本語'.repeat(40)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.integer({ min: 24, max: 140 }), (lines, columns) => {
        const { show, glimpse, pass, reporter, terminal } = live(columns);
        show(...begin, started('up', 'compose.up'));
        for (const each of lines) {
          glimpse({ type: 'line', step: 'up', line: each });
          glimpse({ type: 'progress', step: 'up', say: each });
          pass(700);
        }
        reporter.close();
        expect(terminal.lines()[0]).toMatch(/^ {2}✓ guards/);
        expect(terminal.lines().filter((shown) => shown.includes('›'))).toEqual([]);
        for (const shown of terminal.lines()) expect(columnsOf(shown)).toBeLessThanOrEqual(columns);
      }),
      { numRuns: 20 },
    );
  });
});
