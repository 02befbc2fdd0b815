import { parse } from 'yaml';
import { readMarks } from './read-marks.ts';

/** What `x-playbook` of a service says: only what cannot be inferred from the rest of the file. */
export type Marks = {
  /** One-shot, although nothing waits for it to complete. */
  job?: boolean;
  /** Whether two of it must never use its volumes at the same time; left out: a writable volume of a single replica says so. */
  stateful?: boolean;
  edge?: EdgeMark;
};

/** The proxy in front of a service. Paths count from the stack's folder. */
export type EdgeMark = {
  driver: 'haproxy' | 'caddy' | 'nginx';
  /** The service of this stack that is the proxy; left out: it runs elsewhere. */
  service?: string;
  /** The port of the container that the proxy asks. */
  port: number;
  /** Its backend (haproxy), upstream (nginx) or server (caddy); left out: the name of the service. */
  backend?: string;
  /** Where it is steered: a unix socket or `host:port` (haproxy), the address of the admin API (caddy). */
  control?: string;
  /** The file on this host that it reads when it starts, written after each switch. */
  file?: string;
};

/**
 * The marks of every service that has some. Only Compose's YAML form keeps `x-` keys inside services. A Refusal('no-go') that says
 * what is wrong and what is allowed where a mark cannot be used: left out silently, it would cost requests.
 */
export function marksOf(yaml: string): Record<string, Marks> {
  if (!yaml.includes('x-playbook:')) return {};
  const document = parse(yaml) as { services?: Record<string, { 'x-playbook'?: unknown } | null> };
  return Object.fromEntries(
    Object.entries(document.services ?? {}).flatMap(([name, service]) => {
      const written = service?.['x-playbook'];
      return written === undefined || written === null ? [] : [[name, readMarks(name, written)]];
    }),
  );
}
