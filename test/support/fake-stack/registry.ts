import { FAMILIES } from '../../../runners/index.ts';
import type { Facts, Look, Runner } from '../../../src/runner/contract.ts';
import { createRegistry, type Registry } from '../../../src/runner/registry.ts';
import { edge } from './edge.ts';
import { factsOf, looks } from './looks.ts';
import type { World } from './model.ts';
import { names } from './names.ts';
import { prune } from './prune.ts';
import { releases } from './releases.ts';
import { replicas } from './replicas.ts';
import { synthetic } from './synthetic.ts';
import { up } from './up.ts';

const real = createRegistry(FAMILIES);

/** The real runners with everything that would talk to an engine replaced, and those of the synthetic playbook. */
export function fakeStackRegistry(world: World): Registry {
  const fakes = Object.assign({}, ...[names, up, replicas, edge, releases, prune, looks].map((make) => make(world)));
  const own = synthetic(world);
  return {
    names: [...real.names, ...Object.keys(own)].sort(),
    factNames: real.factNames,
    async find(name) {
      if (own[name]) return own[name];
      const runner = await real.find(name);
      // `wait.soak` asks nothing but the clock.
      if (runner === undefined || name === 'wait.soak') return runner;
      if (!fakes[name]) throw new Error(`the fake stack has no ${name}`);
      return { ...runner, ...fakes[name] } as Runner;
    },
    async facts(name) {
      const facts = await real.facts(name);
      const read = async (look: Look) => factsOf(world, look)[name as 'stack' | 'release'];
      return facts && ({ ...facts, read } as Facts);
    },
  };
}
