import type { NetworkInspect, VolumeInspect } from '../clients/docker-types.ts';
import type { DesiredStack, ObservedStack } from './model.ts';

/** A network or volume whose definition is another one now, as far as that can be seen; with the steps by hand. */
export function differingDefinitions(
  desired: DesiredStack,
  observed: ObservedStack,
): { message: string; hint: string } | undefined {
  const { project, model } = desired;
  for (const [key, wanted] of Object.entries(model.networks ?? {})) {
    const name = wanted?.name ?? key;
    const found = observed.networks.find((network) => network.Name === name);
    const what = found && !wanted?.external ? networkDifference(wanted ?? {}, found) : undefined;
    if (what !== undefined) {
      return {
        message: `The definition of the network ${name} changed (${what}); it can only be made anew.`,
        hint: `By hand: docker compose -p ${project} down, then run this again. Volumes stay.`,
      };
    }
  }
  for (const [key, wanted] of Object.entries(model.volumes ?? {})) {
    const name = wanted?.name ?? key;
    const found = observed.volumes.find((volume) => volume.Name === name);
    const what = found && !wanted?.external ? volumeDifference(wanted ?? {}, found) : undefined;
    if (what !== undefined) {
      return {
        message: `The definition of the volume ${name} changed (${what}); it can only be made anew, and its data would be lost.`,
        hint: `By hand: copy its data, remove the containers that use it, docker volume rm ${name}, run this again, copy the data back.`,
      };
    }
  }
  return undefined;
}

type Definition = Readonly<Record<string, unknown>>;

function networkDifference(wanted: Definition, found: NetworkInspect): string | undefined {
  if (text(wanted['driver'], 'bridge') !== found.Driver && wanted['driver'] !== undefined) return 'driver';
  if ((wanted['internal'] === true) !== found.Internal) return 'internal';
  if ((wanted['enable_ipv6'] === true) !== found.EnableIPv6 && wanted['enable_ipv6'] !== undefined)
    return 'enable_ipv6';
  if (optionsDiffer(wanted['driver_opts'], found.Options)) return 'driver_opts';
  return subnetsDiffer(wanted, found) ? 'subnet' : undefined;
}

function volumeDifference(wanted: Definition, found: VolumeInspect): string | undefined {
  if (text(wanted['driver'], 'local') !== found.Driver) return 'driver';
  return optionsDiffer(wanted['driver_opts'], found.Options) ? 'driver_opts' : undefined;
}

/** Options that the engine added of its own are no difference; taken out ones cannot be told from those. */
function optionsDiffer(wanted: unknown, found: Readonly<Record<string, string>> | null | undefined): boolean {
  return Object.entries((wanted ?? {}) as Record<string, unknown>).some(
    ([name, value]) => found?.[name] !== String(value),
  );
}

/** Only written subnets are compared: without one the engine takes any. */
function subnetsDiffer(wanted: Definition, found: NetworkInspect): boolean {
  const ipam = wanted['ipam'] as { config?: { subnet?: string }[] } | undefined;
  const subnets = (ipam?.config ?? []).flatMap(({ subnet }) => subnet ?? []);
  const there = (found.IPAM?.Config ?? []).map(({ Subnet }) => Subnet);
  return subnets.some((subnet) => !there.includes(subnet));
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
