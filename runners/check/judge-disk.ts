import { statfs } from 'node:fs/promises';
import type { Judgement, Look } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import { type Disk, type DiskParams, decideDisk } from './decide-disk.ts';
import { engineTotals } from './host-room.ts';
import { whyNotLocal } from './local-engine.ts';

export async function judge(params: DiskParams, look: Look): Promise<Judgement> {
  return decideDisk(params, await diskOf(look));
}

async function diskOf(look: Look): Promise<Disk | undefined> {
  if ((await whyNotLocal(look)) !== undefined) return undefined;
  const { root } = engineTotals(await (await dockerReader(look)).info());
  const found = await statfs(root).catch(() => undefined);
  return found && { path: root, free: found.bavail * found.bsize, total: found.blocks * found.bsize };
}
