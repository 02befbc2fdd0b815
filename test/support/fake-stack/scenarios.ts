import { EVERYTHING, someValues } from './everything.ts';
import type { Scenario } from './scenario.ts';
import { littered, nothing, startedByHand, updatable, updated, updatedByHand } from './stacks.ts';

const brief = { stable_for: '1s' };
const watched = { ...brief, soak: '10s', smoke_url: 'http://shop/' };

/** Every shipped playbook on a stack on which all of its steps have something to do, and one with every kind of step. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'deploy-stack, an update': { playbook: { shipped: 'deploy-stack' }, inputs: watched, model: updatable() },
  'deploy-stack, on a stack started by hand': {
    playbook: { shipped: 'deploy-stack' },
    inputs: watched,
    model: startedByHand(),
  },
  'deploy-stack, for the first time': { playbook: { shipped: 'deploy-stack' }, inputs: watched, model: nothing() },
  'rolling-update': { playbook: { shipped: 'rolling-update' }, inputs: watched, model: updatable() },
  'blue-green': {
    playbook: { shipped: 'blue-green' },
    inputs: { ...watched, weights: '50,100', hold: '1s', smoke_path: '/ok' },
    model: updatable(),
  },
  rollback: { playbook: { shipped: 'rollback' }, inputs: brief, release: 'r1', model: updated() },
  'rollback, to what was found': {
    playbook: { shipped: 'rollback' },
    inputs: brief,
    release: 'r1',
    model: updatedByHand(),
  },
  prune: { playbook: { shipped: 'prune' }, inputs: { volumes: 'old_data' }, model: littered() },
  'a playbook with every kind of step': { playbook: { text: EVERYTHING }, model: someValues() },
};
