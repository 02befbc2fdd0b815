import type { Finder } from './subject.ts';

/** What may grow until the machine stands still. */

export const memoryUnlimited: Finder = ({ config, job }) => {
  const resources = config.deploy?.resources as { limits?: { memory?: string } } | undefined;
  const limit = config.mem_limit ?? resources?.limits?.memory;
  return job || Number(limit ?? 0) > 0 ? [] : [{ say: 'may take all memory', at: ['mem_limit'] }];
};

export const logUnbounded: Finder = ({ config, log_driver }) => {
  const logging = config['logging'] as { driver?: string; options?: Record<string, string> } | undefined;
  const driver = logging?.driver ?? log_driver;
  if (driver !== 'json-file' || logging?.options?.['max-size'] !== undefined) return [];
  return [{ say: 'keeps every line it logs', at: ['logging'] }];
};
