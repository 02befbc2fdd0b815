import type { Problem } from '../../errors.ts';
import type { AnyTrigger } from '../../runner/contract.ts';
import { formatDuration } from '../duration.ts';
import type { TopOutline, TriggerOutline } from '../outline.ts';
import { valueAt } from '../path.ts';
import type { Reading } from '../reading.ts';
import { ready, waitOf } from '../waits.ts';
import { lastOf } from '../windows.ts';

/** A window must be long enough for its trigger, as far as both are known before a run. */
export function triggerWindows(reading: Reading): Problem[] {
  return reading.outline.triggers.flatMap((trigger) => problemOf(trigger, reading));
}

function problemOf(trigger: TriggerOutline, reading: Reading): Problem[] {
  const runner = trigger.use.name === undefined ? undefined : reading.runners.get(trigger.use.name);
  const inWindow = windowOf(trigger, reading);
  const needed = runner?.kind === 'trigger' ? needs(trigger, runner, reading) : undefined;
  if (needed === undefined || needed === 0 || inWindow.length === 0) return [];
  const waits = inWindow.map((top) => waitOf(top, reading));
  if (waits.includes(undefined)) return [];
  const window = waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0);
  if (window >= needed) return [];
  const { locate } = reading;
  const about = { place: locate.value([...trigger.path, 'uses']), ...ending(inWindow, window, reading) };
  const name = `\`${trigger.id ?? trigger.use.name}\``;
  const finds = `cannot find anything before ${formatDuration(needed)} have passed`;
  if (window > 0) {
    const message = `${name} watches for ${formatDuration(window)}, and ${finds}`;
    const hint = 'let a soak wait for longer, or let the trigger need less';
    return [{ code: 'window-too-short', message, hint, ...about }];
  }
  const message = `nothing waits while ${name} watches, and it ${finds}`;
  return [{ code: 'never-watches', level: 'warning', message, hint: 'put a `wait.soak` into its window', ...about }];
}

/** The steps of the first level during which it watches. */
function windowOf({ from, until }: TriggerOutline, { outline: { tops } }: Reading): readonly TopOutline[] {
  return tops.slice(tops.findIndex(({ id }) => id === from) + 1, lastOf(tops, until) + 1);
}

function ending(inWindow: readonly TopOutline[], window: number, { locate }: Reading): Pick<Problem, 'other'> {
  const last = inWindow.at(-1);
  if (!last) return {};
  const message = `its window ends here, ${formatDuration(window)} after it began`;
  return { other: { place: locate.value([...last.path, 'id']), message } };
}

/** What the trigger itself needs, and the measurements that must be bad one after the other. */
function needs({ use, raw }: TriggerOutline, runner: AnyTrigger, reading: Reading): number | undefined {
  const params = ready(runner.params, use.with ?? {}, reading);
  if (!params) return undefined;
  const bad = valueAt(raw, ['trip', 'bad']);
  const every = typeof params['every'] === 'number' ? params['every'] : 0;
  return runner.needs(params) + (typeof bad === 'number' ? (bad - 1) * every : 0);
}
