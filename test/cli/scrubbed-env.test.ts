import { expect, test } from 'vitest';
import { scrubbedEnv, variablesOf } from '../../src/cli/scrubbed-env.ts';

test('F45 only what reaches the engine, and what the frozen file takes values from, must stay of the shell', () => {
  const frozen = JSON.stringify({
    secrets: { key: { environment: 'API_KEY' }, file: { file: '/key' } },
    configs: { page: { environment: 'PAGE' } },
  });
  const env = {
    PATH: '/bin',
    DOCKER_HOST: 'x',
    API_KEY: 'k',
    PAGE: 'p',
    TAG: '2',
    COMPOSE_PROFILES: 'debug',
    HOOK: 'h',
  };
  expect(scrubbedEnv(env, { hook: { environment: 'HOOK' } }, variablesOf(frozen))).toEqual({
    PATH: '/bin',
    DOCKER_HOST: 'x',
    API_KEY: 'k',
    PAGE: 'p',
    HOOK: 'h',
  });
  expect(variablesOf('{"services":{}}')).toEqual([]);
});
