import { describe, expect, it } from 'vitest';
import { decideConfig } from '../../../runners/check/judge-config.ts';
import { decideEngine } from '../../../runners/check/judge-engine.ts';
import { decideHealthchecks } from '../../../runners/check/judge-healthchecks.ts';
import { decideLocal } from '../../../runners/check/local-engine.ts';
import { compareVersions } from '../../../runners/check/versions.ts';

describe('versions', () => {
  it.each([
    ['26.1.5+dfsg1', '25.0', 1],
    ['25.0', '25', 0],
    ['2.26.1-4', '2.26', 1],
    ['2.9.0', '2.26', -1],
    ['v2.31.0', '2.31', 0],
    ['dev', '2.26', undefined],
  ])('must be compared by number: %s with %s', (a, b, sign) => {
    const difference = compareVersions(a, b);
    expect(difference === undefined ? undefined : Math.sign(difference)).toBe(sign);
  });

  it.each([
    [{ engine: '26.1.5', compose: '2.26.1' }, 'go'],
    [{ engine: '24.0.9', compose: '2.26.1' }, 'no-go'],
    [{ engine: '26.1.5', compose: '2.24.0' }, 'no-go'],
    [{ engine: 'dev', compose: '2.26.1' }, 'warn'],
  ])('%j must be a %s against what is needed', (found, verdict) => {
    expect(decideEngine(found, { engine: '25.0', compose: '2.26' }).verdict).toBe(verdict);
  });

  it('must both be named when both are too old', () => {
    const judged = decideEngine({ engine: '20.10', compose: '2.1' }, { engine: '25.0', compose: '2.26' });
    expect(judged.say).toBe('engine 20.10 is older than 25.0, and compose 2.1 is older than 2.26.');
  });
});

describe('the Compose file', () => {
  const facts = { files: ['compose.yml'], services: 5, jobs: 1, inactive: [], unset: [] };

  it('must be counted in services and jobs', () => {
    expect(decideConfig(facts)).toMatchObject({ verdict: 'go', say: 'compose.yml is valid: 5 services, 1 job.' });
    expect(decideConfig({ ...facts, jobs: 0, services: 1 }).say).toBe('compose.yml is valid: 1 service.');
  });

  it('must name the services of inactive profiles', () => {
    expect(decideConfig({ ...facts, inactive: ['debug'] }).say).toContain('not active: debug');
  });

  it('must warn of variables that are set nowhere', () => {
    const judged = decideConfig({ ...facts, unset: ['TAG', 'PORT'] });
    expect(judged.verdict).toBe('warn');
    expect(judged.say).toContain('But TAG and PORT are not set, so they are empty.');
  });

  it('must be a no-go where no service is active', () => {
    expect(decideConfig({ ...facts, services: 0, jobs: 0 }).verdict).toBe('no-go');
  });
});

describe('healthchecks', () => {
  const check = { interval: 5000, timeout: 3000, retries: 3, start_period: 0 };

  it('must be a go where every service has one', () => {
    expect(decideHealthchecks([{ service: 'web', known: true, check }]).verdict).toBe('go');
    expect(decideHealthchecks([]).verdict).toBe('go');
  });

  it('must name what all of them have, as the name of the guard is free', () => {
    const both = ['web', 'api'].map((service) => ({ service, known: true, check }));
    expect(decideHealthchecks(both)).toMatchObject({ verdict: 'go', say: 'all 2 services have a healthcheck.' });
  });

  it.each([
    ['a service without one', { service: 'worker', known: true }, 'worker has no healthcheck'],
    [
      'an image that is not here yet',
      { service: 'web', known: false },
      'whether web has one is not known before the image is here',
    ],
    [
      'F21 a start_interval alone',
      { service: 'web', known: true, check: { ...check, start_interval: 1000 } },
      'the start_interval of web does nothing',
    ],
    [
      'an answer that takes for ever',
      { service: 'web', known: true, check: { ...check, retries: 100 } },
      'can take 13 min 20 s',
    ],
  ])('must warn, and never be a no-go, of %s', (_what, service, part) => {
    const judged = decideHealthchecks([service]);
    expect(judged.verdict).toBe('warn');
    expect(judged.say).toContain(part);
  });
});

describe('whether the engine runs on this machine', () => {
  const here = { name: 'box', kernel: '6.1' };

  it.each([
    [{ address: 'unix:///var/run/docker.sock', ...here }, undefined],
    [{ address: 'tcp://10.0.0.1:2375', ...here }, 'another machine'],
    [{ address: 'unix:///run/desktop.sock', name: 'docker-desktop', kernel: '6.6-linuxkit' }, 'virtual machine'],
    [{ address: 'unix:///var/run/docker.sock', name: 'host', kernel: '6.1' }, 'not the machine of the engine'],
  ])('%j', (engine, part) => {
    const why = decideLocal(engine, here);
    if (part === undefined) expect(why).toBeUndefined();
    else expect(why).toContain(part);
  });
});
