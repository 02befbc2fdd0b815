import type { Family } from '../../src/runner/contract.ts';
import { checkConfig } from './config.ts';
import { checkDisk } from './disk.ts';
import { checkEdge } from './edge.ts';
import { checkEngine } from './engine.ts';
import { checkHealthchecks } from './healthchecks.ts';
import { checkImages } from './images.ts';
import { checkPorts } from './ports.ts';
import { checkPractices } from './practices.ts';
import { checkRelease } from './release.ts';
import { checkResources } from './resources.ts';
import { checkWayBack } from './way-back.ts';

export const check: Family = {
  name: 'check',
  summary: 'Guards: what must be so before anything is touched.',
  offers: {
    'check.config': checkConfig,
    'check.disk': checkDisk,
    'check.engine': checkEngine,
    'check.edge': checkEdge,
    'check.practices': checkPractices,
    'check.release': checkRelease,
    'check.resources': checkResources,
    'check.ports': checkPorts,
    'check.images': checkImages,
    'check.healthchecks': checkHealthchecks,
    'check.way_back': checkWayBack,
  },
};
