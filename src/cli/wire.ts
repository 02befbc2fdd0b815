import type { DockerReader } from '../../runners/clients/docker-types.ts';
import { FAMILIES } from '../../runners/index.ts';
import type { Look } from '../runner/contract.ts';
import { createRegistry, type Registry } from '../runner/registry.ts';

// The only file that sees both the runners and what runs them. Everything behind it is loaded when it is first used:
// `playbook --help` and `check` need no engine.

/** The runners by name; a family is loaded when one of its names is asked for. */
export function openRegistry(): Registry {
  return createRegistry(FAMILIES);
}

/** The engine, for reading. */
export async function engineReader(look: Look): Promise<DockerReader> {
  const { dockerReader } = await import('../../runners/clients/docker.ts');
  return dockerReader(look);
}

export async function composeVersion(look: Look): Promise<string> {
  const { composeReader } = await import('../../runners/clients/compose.ts');
  return (await composeReader(look)).version();
}
