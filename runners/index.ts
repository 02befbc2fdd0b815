import type { FamilyEntry } from '../src/runner/registry.ts';

/** Every runner family: what it offers can be named without loading it. A test holds the lists to the families. */
export const FAMILIES: Readonly<Record<string, FamilyEntry>> = {};
