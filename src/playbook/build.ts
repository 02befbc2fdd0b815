import {
  duration,
  guardsOf,
  nodeOf,
  optional,
  type RawGuard,
  type RawNode,
  type RawStep,
  stepOf,
} from './build-steps.ts';
import type { Locator } from './locate.ts';
import { plainSteps } from './nodes.ts';
import type { Parsed } from './parse.ts';
import type {
  GitStart,
  InputDeclaration,
  Playbook,
  Rollback,
  RollbackCause,
  SecretDeclaration,
  StepNode,
  TargetDeclaration,
  TriggerUse,
} from './types.ts';
import { defaultFrom, type Top } from './windows.ts';

/** Makes the playbook out of data that passed every check: defaults filled in, durations in milliseconds. */
export function buildPlaybook({ value, locate }: Parsed, file: string): Playbook {
  const raw = value as RawPlaybook;
  const steps = raw.steps.map((node, index) => nodeOf(node, ['steps', index], locate));
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
    guards: guardsOf(raw.guards, ['guards'], locate),
    steps,
    rollback: raw.rollback === 'never' ? 'never' : rollbackOf(raw.rollback, steps, locate),
    always: (raw.always ?? []).map((step, index) => stepOf(step, ['always', index], locate)),
    ...optional('start', raw.start?.map(startOf)),
  };
}

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
  steps: RawNode[];
  rollback?: 'never' | RawRollback;
  always?: RawStep[];
  start?: { git: RawGitStart }[];
};
export type RawGitStart = Omit<GitStart, 'refs' | 'skip_words'> & { ref: string | string[]; skip_words?: string[] };
type RawRollback = { on?: RollbackCause[]; verify?: string[]; triggers?: RawTrigger[] };
type RawTrigger = Omit<TriggerUse, 'with' | 'from' | 'trip' | 'no_data' | 'place'> &
  Partial<Pick<TriggerUse, 'with' | 'from' | 'trip' | 'no_data'>> & { every?: string };

export function startOf({ git }: { git: RawGitStart }): GitStart {
  const { hook, ref, paths, skip_words = ['[skip deploy]'] } = git;
  return { hook, refs: [ref].flat(), ...optional('paths', paths), skip_words };
}

const ALL_CAUSES: readonly RollbackCause[] = ['failure', 'timeout', 'cancel', 'trigger'];

function rollbackOf(raw: RawRollback | undefined, steps: readonly StepNode[], locate: Locator): Rollback {
  const triggers = (raw?.triggers ?? []).map(
    ({ every, with: written, ...trigger }, index): TriggerUse => ({
      ...trigger,
      with: { ...written, ...optional('every', every) },
      from: trigger.from ?? defaultFrom(steps.map(topOf), trigger.until),
      trip: trigger.trip ?? { bad: 1, of: 1 },
      no_data: trigger.no_data ?? 'ignore',
      place: locate.value(['rollback', 'triggers', index]),
    }),
  );
  return { on: raw?.on ?? [...ALL_CAUSES], verify: raw?.verify ?? [], triggers };
}

function topOf(node: StepNode): Top {
  return { id: node.id, pivot: node.pivot, uses: plainSteps([node]).map(({ uses }) => uses) };
}
