import { type Change, defineGuard, type Judgement, type Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import { decideServices } from '../stack/diff.ts';
import { observedStack } from '../stack/observed.ts';
import { decideResources, type Free, type Reserve } from './decide-resources.ts';
import { type EngineTotals, engineTotals, freeHere } from './host-room.ts';
import { whyNotLocal } from './local-engine.ts';
import { additionalNeeds, limited } from './needs.ts';

/** Whether there is room for what will run and for the images it brings. */
export const checkResources = defineGuard<Reserve>({
  summary: 'There is memory, CPU, disk and room for files for what the run adds.',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      memory: {
        type: 'string',
        format: 'size',
        default: '128m',
        description: 'Memory that must be free besides what new containers reserve.',
      },
      disk: {
        type: 'string',
        format: 'size',
        default: '1g',
        description: 'Disk that must be free where the engine stores, besides the images that come.',
      },
      cpu: {
        type: 'number',
        minimum: 0,
        default: 0,
        description: 'Cores that must idle, by the load of the last minute.',
      },
      inodes: { type: 'integer', minimum: 0, default: 10_000, description: 'Files that there must be room for.' },
    },
  },
  examples: [
    { title: 'For a small stack', with: { memory: '512m', disk: '2g' } },
    { title: 'Not while the machine is busy', with: { cpu: 0.5 } },
  ],
  judge,
});

async function judge(reserve: Reserve, look: Look, earlier: readonly Change[]): Promise<Judgement> {
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
