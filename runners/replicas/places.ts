import { closure, type Graph } from '../stack/order.ts';

/** Which changed services are replaced in batches, and when `compose.up` sees to the others. */
export type Places = { rolled: string[]; before: string[]; after: string[]; moved: Record<string, string> };

type Question = {
  order: readonly string[];
  graph: Graph;
  /** Those that can be replaced in batches. */
  rollable: readonly string[];
  /** All others that change. */
  others: readonly string[];
  /** Services that must be changed together, as one uses a namespace of the other. */
  together: readonly (readonly string[])[];
};

/**
 * Who needs a replaced service comes after it, everybody else before. Where something between two of them has to be
 * brought up in the middle, the first goes before with it. Pure.
 */
export function placesOf({ order, graph, rollable, others, together }: Question): Places {
  const moved: Record<string, string> = {};
  const rolled = new Set(rollable);
  const needs = (service: string) => {
    const group = together.find((members) => members.includes(service)) ?? [service];
    return closure(graph, group);
  };
  for (let again = true; again; ) {
    again = false;
    for (const middle of others) {
      const waiting = [...rolled].find((service) => service !== middle && closure(graph, [service]).has(middle));
      if (waiting === undefined) continue;
      for (const needed of [...rolled].filter((service) => needs(middle).has(service))) {
        rolled.delete(needed);
        moved[needed] = `${middle}, which ${waiting} waits for, needs it first`;
        again = true;
      }
    }
  }
  const rest = [...others, ...Object.keys(moved)];
  const after = new Set(rest.filter((service) => [...needs(service)].some((needed) => rolled.has(needed))));
  const inOrder = (names: Iterable<string>) => [...names].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return {
    rolled: inOrder(rolled),
    before: inOrder(rest.filter((service) => !after.has(service))),
    after: inOrder(after),
    moved,
  };
}
