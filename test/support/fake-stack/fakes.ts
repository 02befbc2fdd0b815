import type { AnyAction, AnyGuard, AnyTrigger } from '../../../src/runner/contract.ts';
import type { World } from './model.ts';

type Part<T> = Partial<Omit<T, 'kind' | 'summary' | 'params' | 'examples'>>;

/** What stands in for the part of a real runner that talks to an engine; the rest of it is the real one's. */
export type Fakes = Readonly<Record<string, Part<AnyAction> | Part<AnyGuard> | Part<AnyTrigger>>>;

export type MakeFakes = (world: World) => Fakes;
