import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { decidePorts, type PortFacts } from '../../../runners/check/decide-ports.ts';
import { processesOf, readListeners } from '../../../runners/check/listeners.ts';
import { canonicalIp, parseProcNet } from '../../../runners/check/proc-net.ts';
import { clash, portsOfContainers, type WantedPort, wantedPorts } from '../../../runners/check/published.ts';
import type { ContainerSummary } from '../../../runners/clients/docker-types.ts';
import type { DesiredService, ServiceDecision } from '../../../runners/stack/model.ts';

function wanted(more: Partial<WantedPort> = {}): WantedPort {
  return { service: 'web', ip: '', first: 8080, last: 8080, protocol: 'tcp', containers: 1, ...more };
}

function facts(more: Partial<PortFacts> = {}): PortFacts {
  return { project: 'shop', wanted: [wanted()], held: [], ours: new Set(), orphans: new Set(), ...more };
}

const at8080 = { ip: '0.0.0.0', port: 8080, protocol: 'tcp' } as const;
const mine = { ...at8080, container: { id: 'a', name: 'shop-web-1', project: 'shop', service: 'web' } };
const foreign = { ...at8080, container: { id: 'b', name: 'blog-web-1', project: 'blog', service: 'web' } };

describe('a port that is wanted', () => {
  it('must be a go when nobody holds it', () => {
    expect(decidePorts(facts())).toMatchObject({ verdict: 'go', say: '8080 is free.' });
  });

  it('must be a go when the container that is replaced holds it', () => {
    const judged = decidePorts(facts({ held: [mine], ours: new Set(['a']) }));
    expect(judged).toMatchObject({ verdict: 'go', say: '8080 is ours already (shop-web-1).' });
  });

  it('F05 must be a no-go that names the container of another project', () => {
    expect(decidePorts(facts({ held: [foreign] }))).toMatchObject({
      verdict: 'no-go',
      say: 'port 8080 of web is held by container blog-web-1 of project blog.',
      hint: 'Stop it (docker stop blog-web-1), or publish another port.',
      evidence: {
        ports: [{ port: '8080', service: 'web', state: 'taken', by: 'container blog-web-1 of project blog' }],
      },
    });
  });

  it('F05 must be a no-go that names the process', () => {
    const judged = decidePorts(facts({ held: [{ ...at8080, process: 'nginx (pid 812)' }] }));
    expect(judged).toMatchObject({ verdict: 'no-go', say: 'port 8080 of web is held by nginx (pid 812).' });
  });

  it('must be a no-go even where the process cannot be seen', () => {
    const judged = decidePorts(facts({ held: [at8080] }));
    expect(judged.say).toBe('port 8080 of web is held by a process that cannot be seen without root.');
  });

  it('must be a no-go when a service of this stack that stays holds it', () => {
    expect(decidePorts(facts({ held: [mine] }))).toMatchObject({ verdict: 'no-go', hint: 'Publish another port.' });
  });

  it('must be a no-go that says how to clear an orphan away', () => {
    const judged = decidePorts(facts({ held: [mine], orphans: new Set(['a']) }));
    expect(judged).toMatchObject({ verdict: 'no-go', hint: expect.stringContaining('docker rm -f shop-web-1') });
  });

  it('must be unknown, never fine, where processes could not be looked at', () => {
    const judged = decidePorts(facts({ blind: 'the engine is on another machine (ssh://box)' }));
    expect(judged.verdict).toBe('warn');
    expect(judged.say).toMatch(/^unknown: the engine is on another machine/);
  });

  it('F14 must be a no-go when several containers of a service want the same one', () => {
    const judged = decidePorts(facts({ wanted: [wanted({ containers: 2 })] }));
    expect(judged).toMatchObject({ verdict: 'no-go', say: 'web has 2 containers, but publishes only port 8080.' });
  });

  it('must be a no-go when two services want the same one', () => {
    const judged = decidePorts(facts({ wanted: [wanted(), wanted({ service: 'api' })] }));
    expect(judged.say).toContain('web and api both publish port 8080');
  });

  it('must be a no-go when a service wants one twice, on every address and on one', () => {
    const judged = decidePorts(facts({ wanted: [wanted(), wanted({ ip: '127.0.0.2' })] }));
    expect(judged).toMatchObject({
      verdict: 'no-go',
      say: 'web publishes port 8080 twice; web publishes port 127.0.0.2:8080 twice.',
    });
    for (const ip of ['0.0.0.0', '127.0.0.1']) {
      const families = [wanted({ ip }), wanted({ ip: '::' })];
      expect(decidePorts(facts({ wanted: families })).verdict).toBe('go');
    }
  });

  it.each([
    ['another address', { ip: '127.0.0.1' }, { ip: '10.0.0.1' }, 'go'],
    ['the same address', { ip: '127.0.0.1' }, { ip: '127.0.0.1' }, 'no-go'],
    ['every address', { ip: '127.0.0.1' }, { ip: '' }, 'no-go'],
    ['every address of its family', { ip: '127.0.0.1' }, { ip: '0.0.0.0' }, 'no-go'],
    // A program that listens on it takes both families.
    ['every address of the other family', { ip: '127.0.0.1' }, { ip: '::' }, 'no-go'],
    ['a third protocol', { protocol: 'sctp' }, {}, 'go'],
    ['the other protocol', { protocol: 'udp' }, {}, 'go'],
    ['UDP', { protocol: 'udp' }, { protocol: 'udp' }, 'no-go'],
    ['one of a range', { last: 8089 }, {}, 'go'],
    ['one of a range that needs them all', { last: 8081, containers: 2 }, {}, 'no-go'],
  ] as const)('must be compared by address and protocol: held on %s', (_what, want, hold, verdict) => {
    const judged = decidePorts(facts({ wanted: [wanted(want)], held: [{ ...at8080, ...hold }] }));
    expect(judged.verdict).toBe(verdict);
  });

  it('must not be asked for where nothing changes', () => {
    expect(decidePorts(facts({ wanted: [] })).say).toBe('nothing that changes publishes a port.');
  });
});

describe('which ports are wanted', () => {
  const service = (ports: DesiredService['config']['ports']): Record<string, DesiredService> => ({
    web: { name: 'web', config: { ports }, hash: '', image: 'web', replicas: 2, job: false, marks: {}, contents: {} },
  });
  const decision = (verb: ServiceDecision['verb']) => [{ service: 'web', verb } as ServiceDecision];

  it('must be those of services that change, with ranges, addresses and protocols', () => {
    const ports = [
      { target: 80, published: '8080', protocol: 'tcp' },
      { target: 53, published: '53', protocol: 'udp', host_ip: '127.0.0.1' },
      { target: 90, published: '9000-9010', protocol: 'tcp' },
      { target: 77, protocol: 'tcp' },
      { target: 78, published: '0' },
    ];
    expect(wantedPorts(service(ports), decision('recreate'))).toEqual([
      wanted({ containers: 2 }),
      wanted({ ip: '127.0.0.1', first: 53, last: 53, protocol: 'udp', containers: 2 }),
      wanted({ first: 9000, last: 9010, containers: 2 }),
    ]);
    expect(wantedPorts(service(ports), decision('keep'))).toEqual([]);
  });

  it('must be read from containers as the engine lists them', () => {
    const listed = {
      Id: 'abc',
      Names: ['/blog-web-1'],
      Labels: { 'com.docker.compose.project': 'blog', 'com.docker.compose.service': 'web' },
      Ports: [
        { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
        { PrivatePort: 81, Type: 'tcp' },
      ],
    } as unknown as ContainerSummary;
    expect(portsOfContainers([listed])).toEqual([
      { ...at8080, container: { id: 'abc', name: 'blog-web-1', project: 'blog', service: 'web' } },
    ]);
  });
});

describe("the kernel's table of sockets", () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  const row = (address: string, state: string) =>
    `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0`;

  it.each([
    ['0100007F:1F90', '127.0.0.1', 8080],
    ['00000000:0050', '0.0.0.0', 80],
    ['00000000000000000000000000000000:0016', '::', 22],
    ['00000000000000000000000001000000:1F90', '::1', 8080],
    ['0000000000000000FFFF00000100007F:1F90', '127.0.0.1', 8080],
    ['B80D0120000000000000000001000000:01BB', '2001:db8::1', 443],
  ])('must be read with its addresses: %s', (address, ip, port) => {
    expect(parseProcNet(`${head}\n${row(address, '0A')}\n`, 'tcp')).toEqual([
      { ip, port, protocol: 'tcp', inode: '4242' },
    ]);
  });

  it('must tell listening sockets from connections', () => {
    expect(parseProcNet(`${head}\n${row('0100007F:1F90', '01')}\n`, 'tcp')).toEqual([]);
    expect(parseProcNet(`${head}\n${row('0100007F:0035', '07')}\n`, 'udp')).toHaveLength(1);
  });

  it('must lead to the process that holds a port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      const found = (await readListeners()).find((listener) => listener.port === port);
      expect(found?.ip).toBe('127.0.0.1');
      const processes = await processesOf([found?.inode ?? '']);
      expect(processes[found?.inode ?? '']).toContain(`(pid ${process.pid})`);
    } finally {
      server.close();
    }
  });

  it('must know an address in every way it is written', () => {
    expect(canonicalIp('[0:0:0:0:0:0:0:1]')).toBe('::1');
    expect(clash(canonicalIp('::1'), canonicalIp('0::1'))).toBe(true);
    expect(clash('127.0.0.1', '::1')).toBe(false);
  });
});
