import { isAbsolute, resolve } from 'node:path';
import { Refusal } from '../../src/errors.ts';
import type { Look } from '../../src/runner/contract.ts';
import type { EdgePlace } from '../clients/edge/types.ts';
import { inItsPlace } from '../clients/shadow.ts';
import type { EdgeMark } from './marks.ts';
import type { DesiredService, DesiredStack } from './model.ts';

/** Where each service that stands behind an edge is steered; `services`: these only. */
export function edgePlaces(desired: DesiredStack, look: Look, services?: readonly string[]): EdgePlace[] {
  return desired.order
    .filter((name) => services?.includes(name) ?? true)
    .flatMap((name) => placeOf(desired.services[name], desired, look) ?? []);
}

/** Of one service; a Refusal('no-go') where there is no such service, or where it stands behind no edge. */
export function edgePlaceOf(service: string, desired: DesiredStack, look: Look): EdgePlace {
  const wanted = desired.services[service];
  if (!wanted)
    throw new Refusal('no-go', `There is no service ${service} in the Compose files.`, {
      hint: `Services: ${desired.order.join(', ')}.`,
    });
  const place = placeOf(wanted, desired, look);
  if (place) return place;
  throw new Refusal('no-go', `${service} stands behind no edge.`, {
    hint: 'Say in its `x-playbook: { edge: … }` which proxy is in front of it, or give the step `when: service.edge`.',
  });
}

function placeOf(wanted: DesiredService | undefined, desired: DesiredStack, look: Look): EdgePlace | undefined {
  const mark = wanted?.marks.edge;
  if (!wanted || !mark) return undefined;
  if (mark.service !== undefined && !desired.known.includes(mark.service))
    throw new Refusal(
      'no-go',
      `x-playbook.edge of ${wanted.name} names the service ${mark.service}, which is not there.`,
      {
        hint: `Services: ${desired.known.join(', ')}. Leave it out where the proxy runs elsewhere.`,
      },
    );
  return {
    driver: mark.driver,
    project: desired.project,
    service: wanted.name,
    port: mark.port,
    backend: mark.backend ?? wanted.name,
    ...(mark.service !== undefined && { edge: mark.service }),
    ...(mark.control !== undefined && { control: absoluteControl(mark.control, mark, look) }),
    ...(mark.file !== undefined && { file: resolve(inItsPlace(look, look.target.directory), mark.file) }),
  };
}

/** An address stays as it is; a path counts from the stack's folder, in which the edge is at work. */
function absoluteControl(control: string, { driver }: EdgeMark, look: Look): string {
  if (isAbsolute(control) || control.includes('://') || driver === 'nginx') return control;
  return control.includes('/') ? resolve(inItsPlace(look, look.target.directory), control) : control;
}
