import { Refusal } from '../../../src/errors.ts';
import type { Context, Look } from '../../../src/runner/contract.ts';
import type { EdgeChanger, EdgePlace, EdgeReader } from './types.ts';

type Driver = {
  reader(place: EdgePlace, look: Look): Promise<EdgeReader>;
  changer(place: EdgePlace, context: Context): Promise<EdgeChanger>;
};

/** The reading half of the driver that the place names; a Refusal('no-go') where the place lacks what the driver needs. */
export async function edgeReader(place: EdgePlace, look: Look): Promise<EdgeReader> {
  return (await driverOf(place)).reader(place, look);
}

/** The changing half. */
export async function edgeChanger(place: EdgePlace, context: Context): Promise<EdgeChanger> {
  return (await driverOf(place)).changer(place, context);
}

/** Loaded only when a service stands behind such an edge. */
async function driverOf({ driver }: EdgePlace): Promise<Driver> {
  const load = drivers[driver];
  if (load) return (await load()).driver;
  const known = Object.keys(drivers).join(', ');
  throw new Refusal('no-go', `There is no driver for the edge ${driver}.`, { hint: `There is: ${known}.` });
}

const drivers: Partial<Record<EdgePlace['driver'], () => Promise<{ driver: Driver }>>> = {
  haproxy: async () => import('./haproxy.ts'),
  caddy: async () => import('./caddy.ts'),
  nginx: async () => import('./nginx.ts'),
};
