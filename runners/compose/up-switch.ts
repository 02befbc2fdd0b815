import { StepFailure } from '../../src/errors.ts';
import { untilEnded, untilHealthy, type Waiting } from '../stack/condition.ts';
import { countingOf, isLive } from '../stack/container.ts';
import { graphOf } from '../stack/desired.ts';
import { keepEvidence } from '../stack/evidence.ts';
import { addMissingContents, copiesAtCreate } from '../stack/make/copied-contents.ts';
import type { Up } from '../stack/make/create.ts';
import { retireContainer } from '../stack/make/retire.ts';
import { startContainer } from '../stack/make/start.ts';
import { portHolders, type Work } from '../stack/make/work.ts';
import type { ObservedContainer } from '../stack/model.ts';
import { closure } from '../stack/order.ts';

/** Exit codes of the jobs that ran. */
export type Switched = { jobs: Record<string, number> };

/**
 * Stops what is replaced and starts what replaces it. A service waits until what it needs is there; it stops at the last
 * moment, and whatever needs it stops before. Services that have nothing to do with each other go at the same time.
 */
export async function switchOver(up: Up, made: ReadonlyMap<string, ObservedContainer[]>): Promise<Switched> {
  const failed = new AbortController();
  const signal = AbortSignal.any([up.context.signal, failed.signal]);
  const line = new Line(up, made, signal);
  const turns = up.works.map((work) =>
    line.turn(work.service).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  const ended = await Promise.allSettled(turns);
  up.context.signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  const broken = ended.find((turn) => turn.status === 'rejected');
  if (broken) throw broken.reason;
  return { jobs: line.jobs };
}

/** Each service has one turn and stops once, however many wait for it. */
class Line {
  readonly jobs: Record<string, number> = {};
  readonly #up: Up;
  readonly #made: ReadonlyMap<string, ObservedContainer[]>;
  readonly #signal: AbortSignal;
  readonly #turns = new Map<string, Promise<void>>();
  readonly #stops = new Map<string, Promise<void>>();
  readonly #stoppedAt = new Map<string, number>();

  constructor(up: Up, made: ReadonlyMap<string, ObservedContainer[]>, signal: AbortSignal) {
    this.#up = up;
    this.#made = made;
    this.#signal = signal;
  }

  turn(service: string): Promise<void> {
    return once(this.#turns, service, () => this.#take(service));
  }

  async #take(service: string): Promise<void> {
    const work = this.#work(service);
    await this.#needs(service);
    if (!work) return;
    const { works, desired } = this.#up;
    const made = (this.#made.get(service) ?? []).map(({ id }) => id);
    if (!copiesAtCreate(desired.compose_version)) {
      for (const id of made) await addMissingContents(service, id, this.#up);
    }
    await Promise.all([service, ...portHolders(work, works, desired)].map((one) => this.#stopped(one)));
    const isStill = desired.services[service]?.still === true;
    const ids = isStill ? [] : [...made, ...work.start];
    for (const id of ids) {
      this.#signal.throwIfAborted();
      await startContainer(id, service, this.#up);
    }
    if (ids.length > 0) this.#up.context.log(`${service} is started`);
    this.#measure(work, ids);
    if (work.job && !isStill) await this.#jobEnded(service, ids);
  }

  /** Everything it needs, however far away, has had its turn; then the conditions of its own dependencies hold. */
  async #needs(service: string): Promise<void> {
    const { desired, works } = this.#up;
    const needed = closure(graphOf(desired.model), [service]);
    const affected = works.filter((work) => work.service !== service && needed.has(work.service));
    await Promise.all(affected.map((work) => this.turn(work.service)));
    if (!this.#startsAny(service)) return;
    const conditions = Object.entries(desired.services[service]?.config.depends_on ?? {});
    await Promise.all(conditions.map(([name, { condition }]) => this.#holds(name, condition)));
  }

  async #holds(service: string, condition: string): Promise<void> {
    if (condition === 'service_healthy') {
      for (const id of this.#current(service)) {
        await this.#withEvidence(id, untilHealthy(id, service, this.#waiting()));
      }
    }
    if (condition !== 'service_completed_successfully' || service in this.jobs) return;
    if (this.#up.desired.services[service]?.still) return;
    await this.#jobEnded(service, this.#current(service));
  }

  async #jobEnded(service: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const code = await untilEnded(id, service, this.#waiting());
      if (this.#work(service)) {
        this.jobs[service] = code;
        if (code === 0) this.#up.context.log(`the job ${service} is done`);
      }
      if (code !== 0) throw await this.#jobFailure(service, id, code);
    }
  }

  async #jobFailure(service: string, id: string, code: number): Promise<StepFailure> {
    await keepEvidence(this.#up.context, id);
    const lines = await this.#up.docker.logs(id, { tail: 10 });
    return new StepFailure(`The job ${service} ended with exit code ${code}.`, { class: 'exit', lines });
  }

  async #withEvidence(id: string, waiting: Promise<void>): Promise<void> {
    try {
      await waiting;
    } catch (error) {
      this.#signal.throwIfAborted();
      await keepEvidence(this.#up.context, id);
      throw error;
    }
  }

  /** Dependents stop first: none of them may run without what it needs. */
  #stopped(service: string): Promise<void> {
    return once(this.#stops, service, async () => {
      const live = (this.#work(service)?.retire ?? []).filter(isLive);
      if (live.length === 0) return;
      const graph = graphOf(this.#up.desired.model);
      const dependents = this.#up.works.filter(
        (work) => work.service !== service && closure(graph, [work.service]).has(service),
      );
      await Promise.all(dependents.map((work) => this.#stopped(work.service)));
      this.#signal.throwIfAborted();
      this.#stoppedAt.set(service, this.#up.context.clock.now());
      await Promise.all(live.map((container) => retireContainer(container, this.#up)));
      this.#up.context.log(`the old ${service} is stopped`);
    });
  }

  #measure(work: Work, started: readonly string[]): void {
    const from = this.#stoppedAt.get(work.service);
    if (from === undefined || started.length === 0 || work.decision.keep.length > 0) return;
    this.#up.context.measure(`gap:${work.service}`, this.#up.context.clock.now() - from);
  }

  #work(service: string): Work | undefined {
    return this.#up.works.find((work) => work.service === service);
  }

  #startsAny(service: string): boolean {
    return (this.#made.get(service) ?? []).length > 0 || (this.#work(service)?.start ?? []).length > 0;
  }

  /** The containers that count from now on. */
  #current(service: string): string[] {
    const work = this.#work(service);
    if (!work) return countingOf(this.#up.observed, service).map(({ id }) => id);
    return [...work.decision.keep, ...work.start, ...(this.#made.get(service) ?? []).map(({ id }) => id)];
  }

  #waiting(): Waiting {
    return { docker: this.#up.docker, context: this.#up.context, signal: this.#signal };
  }
}

function once(known: Map<string, Promise<void>>, key: string, open: () => Promise<void>): Promise<void> {
  const running = known.get(key) ?? open();
  known.set(key, running);
  return running;
}
