import { hostname, release } from 'node:os';
import type { Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { findDockerHost } from '../clients/docker-host.ts';

/** Why the engine's machine cannot be looked at from here, as one clause; undefined where it is this machine. */
export async function whyNotLocal(look: Look): Promise<string | undefined> {
  const [{ address }, docker] = await Promise.all([findDockerHost(look), dockerReader(look)]);
  const { name, kernel } = await docker.version();
  return decideLocal({ address, name, kernel }, { name: hostname(), kernel: release() });
}

type Machine = { name: string; kernel: string };

/** A unix socket may lead into a virtual machine, and a container sees a network of its own: name and kernel tell. Pure. */
export function decideLocal(engine: Machine & { address: string }, here: Machine): string | undefined {
  if (!engine.address.startsWith('unix:')) return `the engine is on another machine (${engine.address})`;
  if (engine.kernel !== here.kernel) return `the engine runs in a virtual machine (${engine.name})`;
  if (engine.name !== here.name) return `this is not the machine of the engine (${engine.name}), but ${here.name}`;
  return undefined;
}
