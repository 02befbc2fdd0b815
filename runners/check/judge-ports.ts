import type { Change, Judgement, Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { desiredStack } from '../stack/desired.ts';
import { decideServices } from '../stack/diff.ts';
import type { ObservedStack, ServiceDecision } from '../stack/model.ts';
import { observedStack } from '../stack/observed.ts';
import { decidePorts } from './decide-ports.ts';
import { processesOf, readListeners } from './listeners.ts';
import { whyNotLocal } from './local-engine.ts';
import { clash, type HeldPort, portsOfContainers, type WantedPort, wantedPorts } from './published.ts';

/** Looks at who holds the ports that the run will publish. */
export async function judge(look: Look, earlier: readonly Change[]): Promise<Judgement> {
  const desired = await desiredStack(look);
  const [docker, observed] = await Promise.all([dockerReader(look), observedStack(look, desired.project)]);
  const decisions = decideServices(desired, observed, earlier);
  const wanted = wantedPorts(desired.services, decisions);
  const blind = await whyNotLocal(look);
  const held = portsOfContainers(await docker.containers({ running: true }));
  if (blind === undefined) held.push(...(await portsOfProcesses(wanted, held)));
  const ours = containersThatYield(decisions, observed);
  const orphans = new Set(observed.orphans.map(({ id }) => id));
  return decidePorts({ project: desired.project, wanted, held, ours, orphans, ...(blind !== undefined && { blind }) });
}

/** A service's own containers hold its ports for it, or give them up to those that replace them. */
function containersThatYield(decisions: readonly ServiceDecision[], observed: ObservedStack): ReadonlySet<string> {
  const changing = decisions.filter(({ verb }) => verb !== 'keep');
  return new Set(changing.flatMap(({ service }) => (observed.services[service] ?? []).map(({ id }) => id)));
}

/** The engine itself holds the ports of containers: only what no container explains is looked for among processes. */
async function portsOfProcesses(wanted: readonly WantedPort[], containers: readonly HeldPort[]): Promise<HeldPort[]> {
  const listeners = (await readListeners()).filter(({ port, protocol, ip }) => {
    const isWanted = wanted.some(
      (one) => one.protocol === protocol && port >= one.first && port <= one.last && clash(one.ip, ip),
    );
    return (
      isWanted && !containers.some((held) => held.port === port && held.protocol === protocol && clash(held.ip, ip))
    );
  });
  const processes = await processesOf(listeners.map(({ inode }) => inode));
  return listeners.map(({ ip, port, protocol, inode }) => {
    const process = processes[inode];
    return { ip, port, protocol, ...(process !== undefined && { process }) };
  });
}
