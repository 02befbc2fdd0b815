import type { ContainerInspect, DockerChanger, NetworkInspect } from '../clients/docker-types.ts';
import { type GroupReceipt, inspectOf } from './receipt.ts';

/** Makes the networks again that the containers of a receipt need and that somebody removed (`down`, a prune). */
export async function restoreNetworks(receipt: GroupReceipt, docker: DockerChanger): Promise<void> {
  const needed = new Set(receipt.before.flatMap((kept) => Object.keys(networksOf(inspectOf(kept)))));
  for (const json of receipt.networks ?? []) {
    const network = json as unknown as NetworkInspect;
    if (!needed.has(network.Name) || (await docker.network(network.Name))) continue;
    const { Driver, Internal, Attachable, EnableIPv6, IPAM, Options, Labels } = network;
    await docker.createNetwork(network.Name, { Driver, Internal, Attachable, EnableIPv6, IPAM, Options, Labels });
  }
}

/** A stopped container remembers its networks by ID: one that was made anew since is not there for it. */
export async function isCutOff(inspect: ContainerInspect, docker: DockerChanger): Promise<boolean> {
  if (inspect.State.Running) return false;
  for (const [name, { NetworkID }] of Object.entries(networksOf(inspect))) {
    const now = NetworkID ? await docker.network(name) : undefined;
    if (now && now.Id !== NetworkID) return true;
  }
  return false;
}

function networksOf(inspect: ContainerInspect): ContainerInspect['NetworkSettings']['Networks'] {
  return inspect.NetworkSettings.Networks ?? {};
}
