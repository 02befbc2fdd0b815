import type { PracticeId } from '../practices.ts';
import { secretInEnvironment, volumeAnonymous } from './data.ts';
import { imageLatest, imageMovingTag } from './images.ts';
import { logUnbounded, memoryUnlimited } from './limits.ts';
import { databaseOpenToWorld, portOpenToWorld } from './ports.ts';
import {
  capabilityTooBroad,
  confinementOff,
  dockerSocketMounted,
  hostNamespaceShared,
  hostRootMounted,
  privileged,
} from './privileges.ts';
import { containerNameFixed, startFirstImpossible } from './replacing.ts';
import { dependencyNotHealthy, healthcheckMissing, restartMissing, startInterval } from './running.ts';
import type { Finder } from './subject.ts';

/** How each practice is looked for. */
export const FINDERS: Readonly<Record<PracticeId, Finder>> = {
  'capability-too-broad': capabilityTooBroad,
  'confinement-off': confinementOff,
  'container-name-fixed': containerNameFixed,
  'database-open-to-world': databaseOpenToWorld,
  'dependency-not-healthy': dependencyNotHealthy,
  'docker-socket-mounted': dockerSocketMounted,
  'healthcheck-missing': healthcheckMissing,
  'host-namespace-shared': hostNamespaceShared,
  'host-root-mounted': hostRootMounted,
  'image-latest': imageLatest,
  'image-moving-tag': imageMovingTag,
  'log-unbounded': logUnbounded,
  'memory-unlimited': memoryUnlimited,
  'port-open-to-world': portOpenToWorld,
  privileged,
  'restart-missing': restartMissing,
  'secret-in-environment': secretInEnvironment,
  'start-first-impossible': startFirstImpossible,
  'start-interval-without-start-period': startInterval,
  'volume-anonymous': volumeAnonymous,
};
