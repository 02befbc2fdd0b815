import type { Finder } from './subject.ts';

/** Whether a new container can start beside the old one. */

export const containerNameFixed: Finder = ({ config, job }) =>
  config.container_name === undefined || job
    ? []
    : [{ say: `can exist only once, as ${config.container_name}`, at: ['container_name'] }];

export const startFirstImpossible: Finder = ({ config, edge }) => {
  const order = (config.deploy?.update_config as { order?: string } | undefined)?.order;
  const port = (config.ports ?? []).find(({ published = '' }) => /^[1-9]\d*$/.test(published));
  const held = config.container_name ?? (port && !edge ? `port ${port.published}` : undefined);
  if (order !== 'start-first' || held === undefined) return [];
  return [{ say: `shall start first, and ${held} can be had only once`, at: ['deploy', 'update_config', 'order'] }];
};
