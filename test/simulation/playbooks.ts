import type { GuardVerdict } from '../../src/plan/types.ts';
import type { Playbook, RollbackCause, Step, StepNode } from '../../src/playbook/types.ts';
import { loop, parallel, playbook, step, trigger } from '../support/fake-run.ts';
import type { Random } from './seed.ts';

/** What a step makes of a thing when it is done. */
export type Wanted = { name: string; step: string; effect: 'value' | 'one more' | 'sent'; value: string };

/** A playbook, what it wants of each thing, and what the plan's guards say. */
export type Book = { playbook: Playbook; wanted: Wanted[]; guards: GuardVerdict[] };

/** Any playbook: every kind of step, in any order, over things that no other step touches. */
export function bookOf(random: Random, things: Readonly<Record<string, string | undefined>>): Book {
  return new Generator(random, things).book();
}

class Generator {
  readonly #random: Random;
  readonly #things: Readonly<Record<string, string | undefined>>;
  readonly #free: string[];
  readonly #wanted: Wanted[] = [];
  #ids = 0;

  constructor(random: Random, things: Readonly<Record<string, string | undefined>>) {
    this.#random = random;
    this.#things = things;
    this.#free = Object.keys(things);
  }

  book(): Book {
    const random = this.#random;
    const steps = Array.from({ length: random.between(1, 5) }, () => this.#node()).flat();
    const pivots = steps.filter((node): node is Step => node.kind === undefined);
    const pivot = random.chance(0.4) && pivots.length > 0 ? random.pick(pivots) : undefined;
    if (pivot) pivot.pivot = true;
    const more: Partial<Playbook> = {
      on_crash: random.pick(['undo', 'resume', 'ask']),
      rollback: this.#rollback(steps),
      always: random.chance(0.2) ? [this.#plain('pause')] : [],
      lock: { wait: random.chance(0.3) ? 30_000 : 0 },
      ...(random.chance(0.2) && { deadline: random.between(1, 60) * 1_000 }),
    };
    const guards: GuardVerdict[] = random.chance(0.05) ? [{ id: 'g', verdict: 'no-go', say: 'no' }] : [];
    return { playbook: playbook(steps, more), wanted: this.#wanted, guards };
  }

  #rollback(steps: readonly StepNode[]): Playbook['rollback'] {
    const random = this.#random;
    if (random.chance(0.06)) return 'never';
    const all: RollbackCause[] = ['failure', 'timeout', 'cancel', 'trigger'];
    const checks = steps.flatMap((node) => (node.kind === undefined && node.uses === 'sim.check' ? [node.id] : []));
    const bad = random.between(1, 2);
    const watch = trigger('sick', '', {
      uses: 'sim.watch',
      with: { every: 2_000 },
      trip: { bad, of: bad + 1 },
      no_data: random.pick(['ignore', 'pause']),
    });
    return {
      on: random.chance(0.9) ? all : all.filter(() => random.chance(0.5)),
      verify: random.chance(0.5) ? checks : [],
      triggers: random.chance(0.3) ? [watch] : [],
    };
  }

  #node(): StepNode[] {
    const kind = this.#random.weighted({ plain: 11, loop: 4, parallel: 4 });
    if (kind === 'loop') return this.#loop();
    if (kind === 'parallel') return [parallel(this.#id(), this.#several(this.#random.between(2, 3)))];
    return this.#several(1);
  }

  #several(count: number): Step[] {
    return Array.from({ length: count }, () => {
      const kinds = { set: 6, probed: 2, opaque: 2, 'own undo': 1, send: 1, pause: 2, check: 2, shaky: 3 };
      return this.#plain(this.#random.weighted(kinds));
    });
  }

  #plain(kind: 'set' | 'probed' | 'opaque' | 'own undo' | 'send' | 'pause' | 'check' | 'shaky'): Step {
    const random = this.#random;
    const id = this.#id();
    const name = this.#take();
    const changes = kind === 'set' || kind === 'probed' || kind === 'opaque' || kind === 'own undo' || kind === 'send';
    if (name === undefined && changes) return step(id, 'sim.pause', { ms: 1 });
    const more = this.#words(id);
    switch (kind) {
      case 'set': {
        const names = [name ?? '', ...(random.chance(0.3) ? [this.#take() ?? ''] : [])].filter(Boolean);
        const values = random.chance(0.4) ? ['8', '9'] : ['9'];
        for (const each of names) this.#wanted.push({ name: each, step: id, effect: 'value', value: '9' });
        return step(id, 'sim.set', { names, values }, { ...more, ...this.#retry(0.3) });
      }
      case 'probed':
      case 'opaque':
        this.#wanted.push({ name: name ?? '', step: id, effect: 'one more', value: '' });
        return step(id, `sim.${kind}`, { name: name ?? '' }, { ...more, ...this.#probe(name ?? '') });
      case 'own undo': {
        this.#wanted.push({ name: name ?? '', step: id, effect: 'one more', value: '' });
        const before = this.#things[name ?? ''] ?? '';
        const undo = { uses: 'sim.put', with: { name: name ?? '', value: before } };
        return step(id, 'sim.opaque', { name: name ?? '' }, { ...more, undo });
      }
      case 'send':
        this.#wanted.push({ name: name ?? '', step: id, effect: 'sent', value: '' });
        return step(id, 'sim.send', { name: name ?? '' }, more);
      case 'pause':
        return step(id, 'sim.pause', { ms: random.pick([1, 5_000, 20_000]) }, more);
      case 'check':
        return step(id, 'sim.check', { name: name ?? 'a' }, { ...more, ...this.#retry(0.3) });
      case 'shaky': {
        const kind = random.pick(['transient', 'unhealthy', 'exit']);
        const times = random.weighted({ 0: 3, 1: 5, 2: 1, 9: 1 });
        return step(id, 'sim.shaky', { id, times: Number(times), class: kind }, { ...more, ...this.#retry(0.7) });
      }
    }
  }

  /** What a step may say besides. */
  #words(id: string): Partial<Step> {
    const random = this.#random;
    const use = { uses: 'sim.guard', level: 'no-go' as const, place: { file: '', line: 1, column: 1 } };
    return {
      ...(random.chance(0.12) && { when: random.pick(['false', 'weather.good', 'weather.good']) }),
      ...(random.chance(0.04) && { expect: 'result.value == "never"' }),
      ...(random.chance(0.15) && { timeout: random.pick([2_000, 15_000]) }),
      ...(random.chance(0.08) && {
        guards: [{ ...use, id: `g-${id}`, with: { verdict: random.chance(0.2) ? 'no-go' : 'go' } }],
      }),
    };
  }

  /** A probe of the author's own. */
  #probe(name: string): Partial<Step> {
    if (!this.#random.chance(0.3)) return {};
    const after = Number(this.#things[name] ?? '0') + 1;
    return { probe: { uses: 'sim.check', with: { name }, done: `result.value == "${after}"` } };
  }

  #retry(probability: number): Partial<Step> {
    const { chance, between } = { chance: this.#random.chance(probability), between: this.#random.between(2, 3) };
    const condition = this.#random.chance(0.2) ? { if: 'weather.good && error.class != "exit"' } : {};
    return chance ? { retry: { attempts: between, backoff: { from: 1_000, to: 4_000 }, ...condition } } : {};
  }

  /** A list, and a loop over it: item by item, or some at a time. */
  #loop(): StepNode[] {
    const random = this.#random;
    const items = this.#free.splice(0, random.between(1, 4));
    if (items.length === 0) return [];
    const [listed, looped, inner] = [this.#id(), this.#id(), this.#id()];
    const some = random.chance(0.4);
    const names = some ? '{{some}}' : ['{{item}}'];
    for (const name of items) this.#wanted.push({ name, step: inner, effect: 'value', value: '9' });
    const values = random.chance(0.3) ? ['8', '9'] : ['9'];
    const inside: Step[] = [step(inner, 'sim.set', { names, values }, this.#retry(0.3))];
    if (random.chance(0.3)) inside.push(step(this.#id(), 'sim.pause', { ms: random.pick([1, 5_000]) }));
    if (random.chance(0.4)) {
      const id = this.#id();
      const when = some ? {} : { when: `item == "${random.pick(items)}"` };
      const times = random.pick([0, 1, 9]);
      inside.push(step(id, 'sim.shaky', { id, times, class: 'exit' }, { ...when, ...this.#retry(0.3) }));
    }
    const [first, ...rest] = inside;
    const body: StepNode[] = random.chance(0.2) && first && rest.length > 0 ? [parallel(this.#id(), inside)] : inside;
    return [
      step(listed, 'sim.list', { items }),
      loop(looped, `steps.${listed}.items`, body, {
        as: some ? 'some' : 'item',
        allow: random.chance(0.4) ? random.between(1, 2) : 0,
        ...(some && { batch: random.pick([[1, 2], [2], [{ percent: 50 }]]) }),
        ...(random.chance(0.3) && { delay: 3_000 }),
        ...(random.chance(0.15) && { when: 'weather.good' }),
      }),
    ];
  }

  #id(): string {
    this.#ids += 1;
    return `s${this.#ids}`;
  }

  #take(): string | undefined {
    return this.#free.shift();
  }
}
