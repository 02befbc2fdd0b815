import { createHmac } from 'node:crypto';
import { Defect } from '../../src/errors.ts';
import { buildPlan, type PlanOptions } from '../../src/plan/build.ts';
import type { GuardVerdict } from '../../src/plan/types.ts';
import type { GuardUse, Step } from '../../src/playbook/types.ts';
import {
  type AnyAction,
  type AnyGuard,
  type Change,
  defineAction,
  defineFacts,
  defineGuard,
  type Judgement,
  type Look,
  type Runner,
} from '../../src/runner/contract.ts';
import { createRegistry } from '../../src/runner/registry.ts';
import { NIGHT, ROOT } from './events.ts';
import { playbook, step } from './fake-run.ts';

export const place = { file: 'test.yml', line: 1, column: 1 };
const text = { type: 'string', description: 'A text.' } as const;
const open = { type: 'object', additionalProperties: false, properties: { tag: text } } as const;
const outputs = {
  type: 'object',
  additionalProperties: false,
  properties: { image: text, ok: { type: 'boolean' } },
} as const;

type Planner = (params: { tag?: string }, look: Look, earlier: readonly Change[]) => Promise<Change[]>;

/** An action that only plans: a run of it is a bug of the test. */
export function action(plan: Planner, more: Partial<AnyAction> = {}): AnyAction {
  const base = defineAction<{ tag?: string }, null, { ok: boolean }>({
    summary: 'Acts.',
    params: open,
    examples: [],
    effect: 'convergent',
    outputs,
    timeout: '1m30s',
    plan,
    run: async () => Promise.reject(new Defect('planning must never act')),
    undo: async () => undefined,
  });
  return { ...base, ...more };
}

export function guard(judge: AnyGuard['judge'], gate?: true): AnyGuard {
  return { ...defineGuard({ summary: 'Asks.', params: open, examples: [], judge }), ...(gate ? { gate } : {}) };
}

export function change(verb: Change['verb'], target: string, more: Partial<Change> = {}): Change {
  return { verb, target, because: ['it differs'], certainty: 'certain', ...more };
}

const stack = {
  project: 'shop',
  directory: '/srv/shop',
  files: [],
  services: 1,
  profiles: [],
  engine_id: 'E1',
  engine_name: 'vm',
  engine_version: '26.1.5',
  compose_version: '2.26.1',
};

export type World = {
  runners?: Record<string, Runner>;
  steps?: Step[];
  guards?: GuardUse[];
  more?: Partial<PlanOptions>;
  book?: Parameters<typeof playbook>[1];
};

/** Plans a playbook made of `runners`; `t.up` recreates web, `t.keep` keeps it, `t.wait` watches. */
export async function planned({
  runners = {},
  steps = [step('up', 't.up', {})],
  guards = [],
  more = {},
  book = {},
}: World) {
  const offers: Record<string, Runner> = {
    't.up': action(async () => [change('recreate', 'web', { binds: { image: 'a' } }), change('keep', 'db')]),
    't.keep': action(async () => [change('keep', 'web')]),
    't.wait': action(async () => [change('wait', 'soak', { takes: 5000 })], {
      effect: 'pure',
      undo: { unneeded: 'It changes nothing.' },
    }),
    't.final': action(async () => [change('run', 'migrate')], { undo: { impossible: 'what it writes stays' } }),
    ...runners,
  };
  const facts = defineFacts({
    summary: 'A fact.',
    schema: { type: 'object', properties: { calm: { type: 'boolean' } } },
    read: async () => ({ calm: true }),
  });
  const family = { name: 't', summary: 'Tests.', offers, facts: { stack: facts } };
  const registry = createRegistry({ t: { load: async () => family, offers: Object.keys(offers), facts: ['stack'] } });
  const asked: string[][] = [];
  const look = {
    target: { directory: '/srv/shop', files: [], env_files: [], profiles: [], env: {} },
    hmac: (bytes: string) => createHmac('sha256', 'key').update(bytes).digest('hex'),
    measured: async () => [],
  } as unknown as Look;
  const plan = await buildPlan({
    playbook: playbook(steps, { guards, ...book }),
    inputs: {},
    tainted: [],
    registry,
    look,
    header: stack,
    facts: async (names) => {
      asked.push([...names]);
      return { stack: { calm: true } };
    },
    overrides: [],
    actor: ROOT,
    now: NIGHT,
    ...more,
  });
  return { plan, asked };
}

/** A guard as a playbook would have it. */
export const uses = (id: string, name: string, more: Partial<GuardUse> = {}): GuardUse => ({
  id,
  uses: name,
  level: 'no-go',
  place,
  ...more,
});
export const says = (verdict: Judgement['verdict'], say: string) => guard(async () => ({ verdict, say }));
/** Verdicts in short: `step.guard verdict`. */
export const brief = (guards: readonly GuardVerdict[]) =>
  guards.map((each) => `${each.step ?? ''}${each.step ? '.' : ''}${each.id} ${each.verdict}`);
