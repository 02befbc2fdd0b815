import { Defect } from '../errors.ts';
import type { Json } from '../runner/schema.ts';
import { parseDuration } from './duration.ts';
import { parseBackoff } from './formats.ts';
import type { Parsed } from './parse.ts';
import type { Path } from './path.ts';
import type {
  GuardUse,
  InputDeclaration,
  Playbook,
  Retry,
  Rollback,
  RollbackCause,
  SecretDeclaration,
  Step,
  StepProbe,
  StepUndo,
  TargetDeclaration,
} from './types.ts';

/** Makes the playbook out of data that passed every check: defaults filled in, durations in milliseconds. */
export function buildPlaybook({ value, locate }: Parsed, file: string): Playbook {
  const raw = value as RawPlaybook;
  const guards = (list: RawGuard[] | undefined, path: Path) =>
    (list ?? []).map(
      (guard, index): GuardUse => ({ ...guard, level: guard.level ?? 'no-go', place: locate.value([...path, index]) }),
    );
  const steps = (list: RawStep[] | undefined, name: 'steps' | 'always') =>
    (list ?? []).map((step, index) => ({
      ...stepOf(step),
      guards: guards(step.guards, [name, index, 'guards']),
      place: locate.value([name, index]),
    }));
  return {
    version: 'v1',
    name: raw.name,
    ...(raw.description !== undefined && { description: raw.description }),
    file,
    inputs: raw.inputs ?? {},
    secrets: raw.secrets ?? {},
    target: raw.target ?? {},
    lock: { wait: duration(raw.lock?.wait) ?? 0 },
    ...optional('deadline', duration(raw.deadline)),
    on_crash: raw.on_crash ?? 'undo',
    guards: guards(raw.guards, ['guards']),
    steps: steps(raw.steps, 'steps'),
    rollback: raw.rollback === 'never' ? 'never' : rollbackOf(raw.rollback),
    always: steps(raw.always, 'always'),
  };
}

type RawGuard = Omit<GuardUse, 'level' | 'place'> & { level?: GuardUse['level'] };
type RawStep = {
  id: string;
  uses: string;
  with?: Record<string, Json>;
  description?: string;
  when?: string;
  guards?: RawGuard[];
  expect?: string;
  retry?: { attempts: number; backoff?: string; if?: string };
  timeout?: string;
  undo?: 'none' | { uses: string; with?: Record<string, Json> };
  because?: string;
  probe?: { uses: string; with?: Record<string, Json>; done: string };
  pivot?: boolean;
};
type RawPlaybook = {
  name: string;
  description?: string;
  inputs?: Record<string, InputDeclaration>;
  secrets?: Record<string, SecretDeclaration>;
  target?: TargetDeclaration;
  lock?: { wait?: string };
  deadline?: string;
  on_crash?: Playbook['on_crash'];
  guards?: RawGuard[];
  steps?: RawStep[];
  rollback?: 'never' | { on?: RollbackCause[]; verify?: string[] };
  always?: RawStep[];
};

function stepOf(raw: RawStep): Omit<Step, 'guards' | 'place'> {
  const { id, uses, description, when, expect } = raw;
  return {
    id,
    uses,
    with: raw.with ?? {},
    ...optional('description', description),
    ...optional('when', when),
    ...optional('expect', expect),
    ...optional('retry', raw.retry && retryOf(raw.retry)),
    ...optional('timeout', duration(raw.timeout)),
    ...optional('undo', undoOf(raw)),
    ...optional('probe', raw.probe && probeOf(raw.probe)),
    pivot: raw.pivot ?? false,
  };
}

function undoOf({ undo, because }: RawStep): StepUndo | undefined {
  if (undo === 'none') return { none: true, because: because ?? '' };
  return undo && { uses: undo.uses, with: undo.with ?? {} };
}

function probeOf({ uses, with: written, done }: NonNullable<RawStep['probe']>): StepProbe {
  return { uses, with: written ?? {}, done };
}

function retryOf({ attempts, backoff = '1s..30s', if: condition }: NonNullable<RawStep['retry']>): Retry {
  const range = parseBackoff(backoff);
  if (!range) throw new Defect(`backoff ${backoff} passed the checks but cannot be read`);
  return { attempts, backoff: range, ...optional('if', condition) };
}

const ALL_CAUSES: readonly RollbackCause[] = ['failure', 'timeout', 'cancel', 'trigger'];

function rollbackOf(raw: Exclude<RawPlaybook['rollback'], 'never'>): Rollback {
  return { on: raw?.on ?? [...ALL_CAUSES], verify: raw?.verify ?? [], triggers: [] };
}

function duration(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
