import type { Change, Judgement, Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import { decideServices } from '../stack/diff.ts';
import { observedStack } from '../stack/observed.ts';
import { decideResources, type Free, type Reserve } from './decide-resources.ts';
import { type EngineTotals, engineTotals, freeHere } from './host-room.ts';
import { whyNotLocal } from './local-engine.ts';
import { additionalNeeds, limited } from './needs.ts';

/** Compares what the run adds with what is free. */
export async function judge(reserve: Reserve, look: Look, earlier: readonly Change[]): Promise<Judgement> {
  const desired = await desiredStack(look);
  const [docker, observed] = await Promise.all([dockerReader(look), observedStack(look, desired.project)]);
  const decisions = decideServices(desired, observed, earlier);
  const needs = additionalNeeds(desired, observed, { decisions, earlier });
  const limits = Object.values(desired.services).map(({ name, config }) => ({ service: name, ...limited(config) }));
  return decideResources(reserve, needs, await freeRoom(look, engineTotals(await docker.info())), limits);
}

async function freeRoom(look: Look, engine: EngineTotals): Promise<Free> {
  const blind = await whyNotLocal(look);
  return blind === undefined ? freeHere(engine) : { blind, total: { memory: engine.memory, cpus: engine.cpus } };
}
