/** One thing of the stack: what it is, and what is kept beside it for the way back (an old container, a tag). */
export type Thing = { value?: string; kept: Set<string> };

/** A request that is on its way to the engine, or in it. */
export type Flight = { name: string; land: () => void; state: 'asked' | 'landed' | 'lost' };

/**
 * The stack: things by name. Requests about one thing are served in the order in which they were made, as an engine does
 * that locks what it works on: what a dead process asked for still happens, but not after what a later one asked for.
 */
export class World {
  readonly things = new Map<string, Thing>();
  /** How often each opaque effect happened, by run and name. */
  readonly executed = new Map<string, number>();
  /** What no comparison sees: a mail that was sent. */
  readonly told: string[] = [];
  readonly failed = new Map<string, number>();
  health: 'good' | 'bad' | 'unknown' = 'good';
  /** The engine does not answer until then. */
  awayUntil = 0;
  #flights = new Map<string, Flight[]>();
  #tokens = 0;

  constructor(values: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(values)) this.thing(name).value = value;
  }

  thing(name: string): Thing {
    const known = this.things.get(name);
    if (known) return known;
    const thing: Thing = { kept: new Set() };
    this.things.set(name, thing);
    return thing;
  }

  value(name: string): string | undefined {
    return this.things.get(name)?.value;
  }

  token(): string {
    this.#tokens += 1;
    return `t${this.#tokens}`;
  }

  ask(name: string, land: () => void): Flight {
    const flight: Flight = { name, land, state: 'asked' };
    const queue = this.#flights.get(name);
    if (queue) queue.push(flight);
    else this.#flights.set(name, [flight]);
    return flight;
  }

  /** It happens; what was asked before it about the same thing has happened then. */
  land(flight: Flight): void {
    if (flight.state !== 'asked') return;
    const queue = this.#flights.get(flight.name) ?? [];
    for (;;) {
      const next = queue.shift();
      if (!next) return;
      if (next.state === 'asked') {
        next.state = 'landed';
        next.land();
      }
      if (next === flight) return;
    }
  }

  /** It never reached the engine. */
  lose(flight: Flight): void {
    if (flight.state === 'asked') flight.state = 'lost';
  }

  /** All that is on its way happens. */
  arrive(name?: string): void {
    for (const [each, queue] of this.#flights) {
      const last = queue.at(-1);
      if (last && (name === undefined || name === each)) this.land(last);
    }
  }

  /** What things there are and what they are, without what is kept; the same text for the same stack. */
  values(): Record<string, string> {
    const there = [...this.things].flatMap(([name, { value }]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    return Object.fromEntries(there.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** As the story shows it. */
  text(): string {
    const kept = [...this.things].flatMap(([name, thing]) => [...thing.kept].map((token) => `${name}:${token}`));
    const values = Object.entries(this.values()).map(([name, value]) => `${name}=${value}`);
    return [...values, ...(kept.length > 0 ? [`kept ${kept.join(' ')}`] : []), `health ${this.health}`].join(' ');
  }
}
