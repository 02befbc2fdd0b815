import { afterEach, expect, test, vi } from 'vitest';
import { type LiveControl, WAKE_SIGNAL, watchForStop } from '../../src/cli/control.ts';
import type { Actor } from '../../src/engine/events.ts';

const me: Actor = { user: 'ann', host: 'vm' };
const other: Actor = { user: 'bob', host: 'vm' };

let control: LiveControl | undefined;
afterEach(() => {
  control?.close();
  vi.useRealTimers();
});

function watching(cancelAsked: () => Actor | undefined = () => undefined): { control: LiveControl; told: string[] } {
  const told: string[] = [];
  control = watchForStop({ actor: me, cancelAsked, notify: (what) => told.push(what) });
  return { control, told };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'the first %s must cancel, the second abandon, a third change nothing',
  (signal) => {
    const {
      control: { cancel, abandon },
      told,
    } = watching();
    process.emit(signal);
    expect([cancel.aborted, cancel.reason, abandon.aborted]).toEqual([true, me, false]);
    process.emit(signal);
    process.emit(signal);
    expect(abandon.aborted).toBe(true);
    expect(told).toEqual(['undoing', 'leaving']);
  },
);

test('a closed terminal must change nothing', () => {
  const {
    control: { cancel, abandon },
  } = watching();
  process.emit('SIGHUP');
  expect([cancel.aborted, abandon.aborted]).toEqual([false, false]);
});

test('the wish of another process must be seen within half a second, and name who had it', () => {
  vi.useFakeTimers();
  const {
    control: { cancel },
  } = watching(() => other);
  vi.advanceTimersByTime(500);
  expect(cancel.reason).toEqual(other);
});

test('being woken must be no second Ctrl-C, however often it happens', () => {
  let asked: Actor | undefined;
  const {
    control: { cancel, abandon },
  } = watching(() => asked);
  process.emit(WAKE_SIGNAL);
  expect(cancel.aborted).toBe(false);
  asked = other;
  process.emit(WAKE_SIGNAL);
  process.emit(WAKE_SIGNAL);
  expect([cancel.reason, abandon.aborted]).toEqual([other, false]);
});

test('a wake-up that comes late must not end the process', () => {
  const { control: closed } = watching();
  closed.close();
  expect(process.listenerCount(WAKE_SIGNAL)).toBeGreaterThan(0);
});
