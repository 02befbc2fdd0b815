import type { ContainerSummary } from '../clients/docker-types.ts';
import type { DesiredService, ServiceDecision } from '../stack/model.ts';
import { canonicalIp, type Protocol } from './proc-net.ts';

/** A host port, or a choice of ports, that a service will publish. */
export type WantedPort = {
  service: string;
  /** Empty: every address. */
  ip: string;
  first: number;
  last: number;
  protocol: Protocol;
  /** How many containers want one each. */
  containers: number;
};

/** A port that somebody holds; `process` is filled in where no container explains it. */
export type HeldPort = {
  ip: string;
  port: number;
  protocol: Protocol;
  container?: { id: string; name: string; project?: string; service?: string };
  process?: string;
};

/** The ports of services that will be made, made anew or started; what stays as it is has its ports already. Pure. */
export function wantedPorts(
  services: Readonly<Record<string, DesiredService>>,
  decisions: readonly ServiceDecision[],
): WantedPort[] {
  return decisions
    .filter(({ verb }) => verb !== 'keep')
    .flatMap(({ service }) => {
      const desired = services[service];
      return desired ? (desired.config.ports ?? []).flatMap((port) => wantedPort(desired, port)) : [];
    });
}

type Port = NonNullable<DesiredService['config']['ports']>[number];

function wantedPort(service: DesiredService, port: Port): WantedPort[] {
  const [first, last] = (port.published ?? '').split('-').map(Number);
  // Without a number, or with 0, the engine takes a free one.
  if (!first) return [];
  return [
    {
      service: service.name,
      ip: canonicalIp(port.host_ip ?? ''),
      first,
      last: last ?? first,
      protocol: protocolOf(port.protocol),
      containers: service.replicas,
    },
  ];
}

function protocolOf(written: string | undefined): Protocol {
  return written === 'udp' || written === 'sctp' ? written : 'tcp';
}

/** The ports that running containers hold. Pure. */
export function portsOfContainers(containers: readonly ContainerSummary[]): HeldPort[] {
  return containers.flatMap((container) => {
    const project = container.Labels?.['com.docker.compose.project'];
    const service = container.Labels?.['com.docker.compose.service'];
    const name = (container.Names[0] ?? container.Id.slice(0, 12)).replace(/^\//, '');
    const about = { id: container.Id, name, ...(project && { project }), ...(service && { service }) };
    return (container.Ports ?? []).flatMap((port) => {
      if (!port.PublicPort || (port.Type !== 'tcp' && port.Type !== 'udp')) return [];
      return [{ ip: canonicalIp(port.IP ?? ''), port: port.PublicPort, protocol: port.Type, container: about }];
    });
  });
}

/** Whether two addresses cannot both be bound on one port. Pure. */
export function clash(wanted: string, held: string): boolean {
  return wanted === held || isEvery(wanted) || isEvery(held);
}

function isEvery(ip: string): boolean {
  return ip === '' || ip === '0.0.0.0' || ip === '::';
}
