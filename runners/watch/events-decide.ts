import type { EngineEvent } from '../clients/docker-types.ts';
import type { WatchedStack } from './watched-stack.ts';

type Wanted = { type: string; actions: readonly string[] };
type Scope = Pick<WatchedStack, 'services' | 'networks' | 'volumes'>;

/**
 * Whether an event counts; asked for every event, in their order. A container that dies after it was told to is no one that
 * dies by itself: `stopping` remembers who was told.
 */
export function counts(event: EngineEvent, wanted: Wanted, scope: Scope, stopping: Set<string>): boolean {
  if (!isOfStack(event, scope)) return false;
  const told = stopping.has(event.id);
  if (event.action === 'kill') stopping.add(event.id);
  if (event.action === 'die' || event.action === 'start') stopping.delete(event.id);
  if (event.type !== wanted.type || !wanted.actions.includes(event.action)) return false;
  return !(event.action === 'die' && told);
}

/** Networks and volumes bear no label in their events, but names. */
function isOfStack({ type, attributes, id }: EngineEvent, { services, networks, volumes }: Scope): boolean {
  if (type === 'network') return networks.includes(attributes['name'] ?? '');
  if (type === 'volume') return volumes.includes(id);
  const oneoff = attributes['com.docker.compose.oneoff'] === 'True';
  return !oneoff && services.some(({ name }) => name === attributes['com.docker.compose.service']);
}

/** `web-1: die (exit code 3)`: what people see of an event. */
export function sayEvent({ action, attributes, id }: EngineEvent): string {
  const code = attributes['exitCode'];
  return `${attributes['name'] ?? id.slice(0, 12)}: ${action}${code === undefined ? '' : ` (exit code ${code})`}`;
}
