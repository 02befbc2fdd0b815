import { Refusal } from '../../src/errors.ts';
import type { EdgeMark, Marks } from './marks.ts';

/** What a service's `x-playbook` says, as written by a person; a Refusal('no-go') with what is allowed where it is something else. Pure. */
export function readMarks(service: string, written: unknown): Marks {
  const where = `x-playbook of ${service}`;
  const given = fieldsOf(written, where, marks);
  return {
    ...flag('job', given, where),
    ...flag('stateful', given, where),
    ...(given['edge'] !== undefined && given['edge'] !== null && { edge: readEdge(service, given['edge']) }),
  };
}

const marks = ['job', 'stateful', 'edge'];
const drivers = ['haproxy', 'caddy', 'nginx'] as const;
const texts = ['service', 'backend', 'control', 'file'] as const;

function readEdge(service: string, written: unknown): EdgeMark {
  const where = `x-playbook.edge of ${service}`;
  const given = fieldsOf(written, where, ['driver', 'port', ...texts]);
  const driver = drivers.find((name) => name === given['driver']);
  if (!driver)
    throw wrong(where, `its driver is ${said(given['driver'])}`, `\`driver\` is one of ${drivers.join(', ')}.`);
  // A number that came out of a variable is text.
  const port = Number(typeof given['port'] === 'string' ? given['port'].trim() || Number.NaN : given['port']);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw wrong(
      where,
      `its port is ${said(given['port'])}`,
      '`port` is the port of the container that the proxy asks: 1 to 65535.',
    );
  if (given['service'] === service)
    throw wrong(
      where,
      'it names itself as its edge',
      '`service` is the service that is the proxy; leave it out where that runs elsewhere.',
    );
  const edge: EdgeMark = { driver, port };
  for (const name of texts) {
    const text = given[name];
    if (text === undefined || text === null) continue;
    if (typeof text !== 'string' || text.trim() === '')
      throw wrong(where, `its ${name} is ${said(text)}`, `\`${name}\` is a text.`);
    if (name === 'backend' && /[\s;\p{Cc}]/u.test(text))
      throw wrong(where, `its backend is ${said(text)}`, '`backend` is one word: it stands in commands to the proxy.');
    edge[name] = text;
  }
  if (driver !== 'nginx' && edge.control === undefined)
    throw wrong(where, 'it does not say where the proxy is steered', controls[driver]);
  if (driver === 'haproxy' && edge.control && !/[/]/.test(edge.control) && !/:\d+$/.test(edge.control))
    throw wrong(where, `its control is ${said(edge.control)}`, controls.haproxy);
  return edge;
}

const controls = {
  haproxy: '`control` is the path of its `stats socket` on this host (./edge/run/admin.sock), or host:port.',
  caddy: '`control` is the address of its admin API: http://127.0.0.1:2019.',
};

function fieldsOf(written: unknown, where: string, known: readonly string[]): Record<string, unknown> {
  const allowed = `It has ${known.map((name) => `\`${name}\``).join(', ')}.`;
  if (typeof written !== 'object' || written === null || Array.isArray(written))
    throw wrong(where, `it is ${said(written)} and not a mapping`, allowed);
  const unknown = Object.keys(written).find((name) => !known.includes(name));
  if (unknown !== undefined) throw wrong(where, `it has no ${said(unknown)}`, allowed);
  return written as Record<string, unknown>;
}

function flag(name: 'job' | 'stateful', given: Record<string, unknown>, where: string): Partial<Marks> {
  const value = given[name];
  if (value === undefined || value === null) return {};
  if (value === true || value === 'true') return { [name]: true };
  if (value === false || value === 'false') return { [name]: false };
  throw wrong(where, `its ${name} is ${said(value)}`, `\`${name}\` is true or false.`);
}

function said(value: unknown): string {
  if (value === undefined || value === null) return 'missing';
  return typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'a mapping') : JSON.stringify(value);
}

function wrong(where: string, what: string, hint: string): Refusal {
  return new Refusal('no-go', `${where} cannot be used: ${what}.`, { hint });
}
