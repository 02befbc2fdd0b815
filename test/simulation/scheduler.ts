import type { Clock } from '../../src/runner/contract.ts';
import type { Random } from './seed.ts';

/** Whoever waits for something: a process, or nobody where the engine finishes what it was once asked to. */
export type Owner = { name: string };

type Item = { owner: Owner | undefined; run: () => void };
type Timer = Item & { at: number; order: number };

/** How often time goes on although something else could happen first: so far at most, and seldom as far as the next timer. */
const IMPATIENCE = 0.06;
const A_MOMENT = 2_500;
const SELDOM = 0.02;
/** Wall clocks begin here. */
const START = 1_700_000_000_000;

/**
 * Decides what happens next. Whatever is asked of a port waits here until it is picked: by the seed, in any order. Time
 * passes only when nothing else is left to do, or now and then all the same. No real clock, no real timer.
 */
export class Scheduler {
  readonly #random: Random;
  #ready: Item[] = [];
  #timers: Timer[] = [];
  #passed = 0;
  #order = 0;
  /** What clocks were put forward or back by. */
  #jumped = 0;
  moves = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The wall clock: it may jump. */
  now(): number {
    return START + this.#passed + this.#jumped;
  }

  /** Milliseconds since the beginning: never jumps. */
  get passed(): number {
    return this.#passed;
  }

  jump(ms: number): void {
    this.#jumped += ms;
  }

  post(owner: Owner | undefined, run: () => void): void {
    this.#ready.push({ owner, run });
  }

  /** Gives back what takes the timer away. */
  after(owner: Owner | undefined, ms: number, run: () => void): () => void {
    const timer = { owner, run, at: this.#passed + Math.max(0, ms), order: this.#order++ };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** All that this owner waits for never comes. */
  drop(owner: Owner): void {
    this.#ready = this.#ready.filter((item) => item.owner !== owner);
    this.#timers = this.#timers.filter((timer) => timer.owner !== owner);
  }

  /** Everybody has gone on as far as they can without anything from outside: ticks come after all promises. */
  quiet(): Promise<void> {
    return new Promise((resolve) => process.nextTick(resolve));
  }

  /** One thing happens. False: nothing is left that could. */
  step(): boolean {
    const item = this.#next();
    if (!item) return false;
    this.moves += 1;
    item.run();
    return true;
  }

  clockOf(owner: Owner): Clock {
    return {
      now: () => this.now(),
      sleep: (ms, signal) =>
        new Promise<void>((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason);
          const stop = () => {
            cancel();
            reject(signal?.reason);
          };
          const cancel = this.after(owner, ms, () => {
            signal?.removeEventListener('abort', stop);
            resolve();
          });
          signal?.addEventListener('abort', stop, { once: true });
        }),
    };
  }

  #next(): Item | undefined {
    const timer = this.#nextTimer();
    if (this.#ready.length === 0) return timer && this.#take(timer);
    if (timer && this.#random.chance(IMPATIENCE)) {
      const soon = timer.at - this.#passed <= A_MOMENT;
      if (soon || this.#random.chance(SELDOM)) return this.#take(timer);
    }
    const [item] = this.#ready.splice(this.#random.below(this.#ready.length), 1);
    return item;
  }

  #nextTimer(): Timer | undefined {
    return this.#timers.reduce<Timer | undefined>((least, timer) => {
      if (!least || timer.at < least.at) return timer;
      return timer.at === least.at && timer.order < least.order ? timer : least;
    }, undefined);
  }

  #take(first: Timer): Item {
    this.#timers = this.#timers.filter((timer) => timer !== first);
    this.#passed = Math.max(this.#passed, first.at);
    return first;
  }
}
