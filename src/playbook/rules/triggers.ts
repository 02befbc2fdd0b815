import type { Problem } from '../../errors.ts';
import { suggestion } from '../nearest.ts';
import type { TriggerOutline } from '../outline.ts';
import { valueAt } from '../path.ts';
import type { Reading } from '../reading.ts';
import { lastOf } from '../windows.ts';

/** A trigger must have a window before the pivot, numbers that can be met, and something that asks it. */
export function triggers(reading: Reading): Problem[] {
  return [
    ...reading.outline.triggers.flatMap((trigger) => [
      ...windowFaults(trigger, reading),
      ...tripFaults(trigger, reading),
      ...everyFaults(trigger, reading),
    ]),
    ...idle(reading),
  ];
}

function windowFaults(trigger: TriggerOutline, reading: Reading): Problem[] {
  const names = (['from', 'until'] as const).flatMap((key) => unknownStep(trigger, key, reading));
  return names.length > 0 ? names : orderFaults(trigger, reading);
}

function unknownStep({ raw, path }: TriggerOutline, key: 'from' | 'until', { outline, locate }: Reading): Problem[] {
  const name = raw[key];
  if (typeof name !== 'string' || (key === 'from' && name === 'start')) return [];
  if (outline.tops.some(({ id }) => id === name)) return [];
  const place = locate.value([...path, key]);
  const inner = [...outline.steps, ...outline.blocks].find(({ id }) => id === name);
  const holder = inner && outline.tops.find(({ path: at }) => at.every((part, index) => inner.path[index] === part));
  if (holder) {
    const message = `\`${name}\` stands inside of \`${holder.id}\`, and a window begins and ends with a whole step`;
    return [{ code: 'unknown-step', message, hint: `write \`${key}: ${holder.id}\``, place }];
  }
  const known = outline.tops.flatMap(({ id }) => id ?? []);
  const hint = suggestion(name, key === 'from' ? ['start', ...known] : known, 'steps are');
  return [{ code: 'unknown-step', message: `there is no step \`${name}\``, ...(hint && { hint }), place }];
}

function orderFaults(trigger: TriggerOutline, { outline: { tops }, locate }: Reading): Problem[] {
  const { raw, path, from, until } = trigger;
  const place = locate.key([...path, raw['until'] === undefined && raw['from'] !== undefined ? 'from' : 'until']);
  const pivot = tops.findIndex((step) => step.pivot);
  const [first, last] = [tops.findIndex(({ id }) => id === from), lastOf(tops, until)];
  const about = pivot >= 0 && {
    other: { place: locate.key([...(tops[pivot]?.path ?? []), 'pivot']), message: 'the pivot' },
  };
  const past = pivot >= 0 && last > pivot ? `\`until: ${until}\` comes after the pivot` : undefined;
  const late = pivot >= 0 && first >= pivot ? `\`from: ${from}\` is the pivot or comes after it` : undefined;
  const hint = 'after the pivot there is no way back that a trigger could take';
  if (past ?? late) return [{ code: 'trigger-past-pivot', message: (past ?? late) as string, hint, place, ...about }];
  if (first < last) return [];
  const end = tops[last]?.id;
  const message = `it would watch from the end of \`${from}\` until the end of \`${end}\`, and that is no time at all`;
  return [{ code: 'trigger-window', message, hint: 'let `from` name a step before the one in `until`', place }];
}

function tripFaults({ raw, path }: TriggerOutline, { locate }: Reading): Problem[] {
  const [bad, of] = [valueAt(raw, ['trip', 'bad']), valueAt(raw, ['trip', 'of'])];
  if (typeof bad !== 'number' || typeof of !== 'number' || bad <= of) return [];
  const message = `${bad} bad ones of ${of} can never be met`;
  const hint = '`bad` is at most as large as `of`';
  return [{ code: 'bad-value', message, hint, place: locate.value([...path, 'trip', 'bad']) }];
}

function everyFaults({ raw, path, use }: TriggerOutline, { runners, locate }: Reading): Problem[] {
  const runner = use.name === undefined ? undefined : runners.get(use.name);
  if (raw['every'] === undefined || runner?.kind !== 'trigger') return [];
  const place = locate.key([...path, 'every']);
  if (!Object.hasOwn(runner.params.properties ?? {}, 'every')) {
    const message = `\`${use.name}\` is streamed, so it takes no \`every\``;
    return [{ code: 'trigger-every', message, hint: 'remove it', place }];
  }
  const twice = valueAt(raw, ['with', 'every']) !== undefined;
  if (!twice) return [];
  const other = { place: locate.key([...path, 'with', 'every']), message: 'the other one' };
  return [{ code: 'trigger-every', message: '`every` is given twice', hint: 'keep one of them', place, other }];
}

function idle({ outline, value, locate }: Reading): Problem[] {
  const on = valueAt(value, ['rollback', 'on']);
  if (outline.triggers.length === 0 || !Array.isArray(on) || on.includes('trigger')) return [];
  const message = '`rollback.on` does not name `trigger`, so these triggers turn nothing back';
  const hint = 'add `trigger` to `on`, or remove them';
  const place = locate.key(['rollback', 'triggers']);
  return [{ code: 'idle-trigger', level: 'warning', message, hint, place }];
}
