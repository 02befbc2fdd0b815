import type { Family } from '../../src/runner/contract.ts';
import { images } from './images.ts';
import { volumes } from './volumes.ts';

export const docker: Family = {
  name: 'docker',
  summary: 'What the engine holds, of every stack: images and volumes, their sizes and who needs them.',
  offers: { 'docker.images': images, 'docker.volumes': volumes },
};
