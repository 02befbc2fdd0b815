import type { ComposeModel, ComposeService } from '../clients/compose-types.ts';
import type { Marks } from './marks.ts';
import { sharedService } from './order.ts';

/** What the frozen file keeps beside Compose's own keys; top-level `x-` keys survive and are in no hash. */
export type FrozenNotes = {
  active: string[];
  jobs: string[];
  /** Left out by older releases. */
  marks?: Record<string, Marks>;
  build: Record<string, NonNullable<ComposeService['build']>>;
  pull_policy: Record<string, string>;
};

const notesKey = 'x-playbook-frozen';

/** A build that cannot happen; Compose wants one where a service names no image, and leaves it out of the hash. */
const noBuild = { context: '/dev/null' };

type FreezeMarks = { active: readonly string[]; jobs: readonly string[]; marks?: Record<string, Marks> };

/** The text of the frozen file: the rendered model without anything that builds or pulls. */
export function freeze(full: ComposeModel, marks: FreezeMarks): string {
  const notes: FrozenNotes = {
    active: [...marks.active].sort(),
    jobs: [...marks.jobs].sort(),
    marks: marks.marks ?? {},
    build: {},
    pull_policy: {},
  };
  const services: Record<string, ComposeService> = {};
  for (const [name, service] of Object.entries(full.services)) {
    const { build, pull_policy, ...rest } = service;
    if (build) notes.build[name] = build;
    if (pull_policy) notes.pull_policy[name] = pull_policy;
    services[name] = rest.image ? rest : { ...rest, build: noBuild };
  }
  return `${JSON.stringify({ ...full, services, [notesKey]: notes }, null, 2)}\n`;
}

/** Reads a frozen file back: the full model with what `freeze` took out, and its notes. */
export function thaw(text: string): { full: ComposeModel; notes: FrozenNotes } {
  const { [notesKey]: kept, ...full } = JSON.parse(text) as ComposeModel & { [notesKey]?: FrozenNotes };
  const notes = kept ?? { active: Object.keys(full.services), jobs: [], build: {}, pull_policy: {} };
  for (const [name, service] of Object.entries(full.services)) {
    delete service.build;
    if (notes.build[name]) service.build = notes.build[name];
    if (notes.pull_policy[name]) service.pull_policy = notes.pull_policy[name];
  }
  return { full, notes };
}

/** The model with only these services; what they need from others only if it is there is left out. */
export function only(full: ComposeModel, active: readonly string[]): ComposeModel {
  const services: Record<string, ComposeService> = {};
  for (const name of active) {
    const service = full.services[name];
    if (service) services[name] = withoutMissing(service, active);
  }
  return { ...full, services };
}

/**
 * The text whose `config --hash` gives the labels that Compose puts on containers: inactive services are gone, and a
 * shared namespace names the container, as Compose does before it hashes (compose.md §9).
 */
export function hashable(
  full: ComposeModel,
  active: readonly string[],
  first: Readonly<Record<string, string>>,
): string {
  const model = only(full, active);
  const services: Record<string, ComposeService> = {};
  for (const [name, { build: _build, pull_policy: _policy, ...service }] of Object.entries(model.services)) {
    for (const key of ['network_mode', 'ipc', 'pid'] as const) {
      const id = first[sharedService(service[key]) ?? ''];
      if (id) service[key] = `container:${id}`;
    }
    services[name] = service.image ? service : { ...service, build: noBuild };
  }
  return JSON.stringify({ ...model, services });
}

function withoutMissing(service: ComposeService, active: readonly string[]): ComposeService {
  if (!service.depends_on) return service;
  const there = Object.entries(service.depends_on).filter(([name]) => active.includes(name));
  const { depends_on: _all, ...rest } = service;
  return there.length > 0 ? { ...rest, depends_on: Object.fromEntries(there) } : rest;
}
