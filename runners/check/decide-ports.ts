import type { Judgement } from '../../src/runner/contract.ts';
import { listed } from '../stack/words.ts';
import { clash, type HeldPort, type WantedPort } from './published.ts';

export type PortFacts = {
  project: string;
  wanted: readonly WantedPort[];
  held: readonly HeldPort[];
  /** Containers of the services that change: they hold a port for their service, or give it up. */
  ours: ReadonlySet<string>;
  /** Containers of services that the files no longer have; they stay. */
  orphans: ReadonlySet<string>;
  /** Why processes could not be looked at. */
  blind?: string;
};

type Finding = {
  wanted: WantedPort;
  state: 'free' | 'ours' | 'taken' | 'short' | 'double';
  by?: string;
  hint?: string;
};

/** Names who holds a port that is wanted: never found out by trying (F05). Pure. */
export function decidePorts(facts: PortFacts): Judgement {
  const findings = facts.wanted.map((wanted) => finding(wanted, facts));
  const bad = findings.filter(({ state }) => state !== 'free' && state !== 'ours');
  const evidence = { ports: findings.map(evidenceOf), ...(facts.blind && { not_looked_at: facts.blind }) };
  if (bad.length > 0) {
    const hint = bad.find((one) => one.hint !== undefined)?.hint;
    return { verdict: 'no-go', say: `${bad.map(sayBad).join('; ')}.`, ...(hint && { hint }), evidence };
  }
  const say = sayGood(findings);
  if (facts.blind === undefined || findings.length === 0) return { verdict: 'go', say: `${say}.`, evidence };
  return { verdict: 'warn', say: `unknown: ${facts.blind}, so only containers were looked at; ${say}.`, evidence };
}

function finding(wanted: WantedPort, facts: PortFacts): Finding {
  const rival = facts.wanted.find((other) => other !== wanted && isDouble(wanted, other));
  if (rival) {
    return { wanted, state: 'double', by: rival.service, hint: 'Give one of them another port.' };
  }
  const single = wanted.first === wanted.last;
  const choices = wanted.last - wanted.first + 1;
  if (wanted.containers > choices) {
    return { wanted, state: 'short', hint: 'Publish a range, or no fixed port, or run one container.' };
  }
  const holders = facts.held.filter((held) => isHeld(wanted, held));
  const strangers = holders.filter((held) => !held.container || !facts.ours.has(held.container.id));
  const taken = new Set(strangers.map((held) => held.port)).size;
  if (choices - taken < wanted.containers) {
    return { wanted, state: 'taken', ...blame(strangers[0], facts) };
  }
  const mine = holders.find((held) => held.container && facts.ours.has(held.container.id));
  return single && mine?.container ? { wanted, state: 'ours', by: mine.container.name } : { wanted, state: 'free' };
}

function isDouble(a: WantedPort, b: WantedPort): boolean {
  const same = a.protocol === b.protocol && clash(a.ip, b.ip) && mayMeet(a.ip, b.ip);
  return same && a.first === a.last && b.first === b.last && a.first === b.first;
}

/** The engine binds a port of IPv4 and one of IPv6 apart; without an address it takes both. */
function mayMeet(a: string, b: string): boolean {
  return a === '' || b === '' || a.includes(':') === b.includes(':');
}

function isHeld(wanted: WantedPort, held: HeldPort): boolean {
  const inside = held.port >= wanted.first && held.port <= wanted.last;
  return inside && held.protocol === wanted.protocol && clash(wanted.ip, held.ip);
}

function blame(held: HeldPort | undefined, { project, orphans }: PortFacts): { by: string; hint: string } {
  if (!held?.container) {
    const by = held?.process ?? 'a process that cannot be seen without root';
    return { by, hint: 'Stop it, or publish another port.' };
  }
  const { id, name, project: other } = held.container;
  if (orphans.has(id)) {
    const hint = `Its service is gone from the files: remove it with \`docker rm -f ${name}\`.`;
    return { by: `container ${name} of this stack, which stays`, hint };
  }
  if (other === project) return { by: `container ${name} of this stack, which stays`, hint: 'Publish another port.' };
  const by = other ? `container ${name} of project ${other}` : `container ${name}`;
  return { by, hint: `Stop it (docker stop ${name}), or publish another port.` };
}

function sayBad({ wanted, state, by }: Finding): string {
  if (state === 'double' && by === wanted.service) return `${by} publishes port ${portName(wanted)} twice`;
  if (state === 'double') return `${wanted.service} and ${by} both publish port ${portName(wanted)}`;
  if (state === 'short') {
    return `${wanted.service} has ${wanted.containers} containers, but publishes only port ${portName(wanted)}`;
  }
  return `port ${portName(wanted)} of ${wanted.service} is held by ${by}`;
}

function sayGood(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'nothing that changes publishes a port';
  const free = findings.filter(({ state }) => state === 'free').map(({ wanted }) => portName(wanted));
  const ours = findings.filter(({ state }) => state === 'ours');
  return [
    ...(free.length > 0 ? [`${listed(free)} ${free.length === 1 ? 'is' : 'are'} free`] : []),
    ...(ours.length > 0 ? [sayOurs(ours)] : []),
  ].join('; ');
}

function sayOurs(ours: readonly Finding[]): string {
  const names = [...new Set(ours.flatMap(({ by }) => by ?? []))];
  return `${listed(ours.map(({ wanted }) => portName(wanted)))} ${ours.length === 1 ? 'is' : 'are'} ours already (${names.join(', ')})`;
}

function portName({ ip, first, last, protocol }: WantedPort): string {
  const address = ip === '' ? '' : `${ip.includes(':') ? `[${ip}]` : ip}:`;
  return `${address}${first}${last === first ? '' : `-${last}`}${protocol === 'udp' ? '/udp' : ''}`;
}

function evidenceOf({ wanted, state, by }: Finding) {
  return { port: portName(wanted), service: wanted.service, state, ...(by && { by }) };
}
