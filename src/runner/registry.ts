import { Defect } from '../errors.ts';
import type { Facts, Family, Runner } from './contract.ts';

/** How a family is listed: what it offers can be named without loading it. */
export type FamilyEntry = {
  load(): Promise<Family>;
  /** Full names of its actions, guards and triggers; a test holds them to what the family really offers. */
  offers: readonly string[];
  facts?: readonly string[];
};

/** Finds runners by name; loads a family when one of its names is asked for. */
export interface Registry {
  readonly names: readonly string[];
  readonly factNames: readonly string[];
  find(name: string): Promise<Runner | undefined>;
  facts(name: string): Promise<Facts | undefined>;
}

export function createRegistry(families: Readonly<Record<string, FamilyEntry>>): Registry {
  const entries = Object.values(families);
  return {
    names: entries.flatMap((entry) => entry.offers).sort(),
    factNames: entries.flatMap((entry) => entry.facts ?? []).sort(),
    async find(name) {
      const entry = entries.find((candidate) => candidate.offers.includes(name));
      return entry && offered(name, (await entry.load()).offers[name]);
    },
    async facts(name) {
      const entry = entries.find((candidate) => candidate.facts?.includes(name));
      return entry && offered(name, (await entry.load()).facts?.[name]);
    },
  };
}

function offered<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new Defect(`runners/index.ts lists ${name}, but its family does not offer it`);
  return value;
}
