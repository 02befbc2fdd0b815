import type { Json } from '../../src/runner/contract.ts';
import type { ContainerInspect } from '../clients/docker-types.ts';
import { isLive } from './container.ts';
import type { ObservedContainer } from './model.ts';

/**
 * All that is needed to put a group of connected services back: every container they had, whole. What is not in
 * `before` is newer than the receipt, whoever made it, and goes when the group is put back.
 */
export type GroupReceipt = {
  kind: 'services';
  project: string;
  /** A service stands after everything it depends on. */
  services: string[];
  before: KeptContainer[];
  /** Inspects of the project's networks: a container can only come back into networks that are there. */
  networks?: Json[];
  /** IDs that the change stops and keeps: removed once there is no way back. */
  retire: string[];
  /** Unnamed volumes that the engine had already: all others of the new containers are this run's own. */
  volumes: string[];
};

/** `inspect` is the engine's own, with values of the environment: receipts are 0600. */
export type KeptContainer = { id: string; service: string; running: boolean; inspect: Json };

export function keptContainer(container: ObservedContainer): KeptContainer {
  const { id, service, inspect } = container;
  return { id, service, running: isLive(container), inspect: inspect as unknown as Json };
}

export function inspectOf(kept: KeptContainer): ContainerInspect {
  return kept.inspect as unknown as ContainerInspect;
}
