import { expect, test } from 'vitest';
import { PRACTICES } from '../../runners/check/practices/words.ts';
import { withStack } from '../support/stack.ts';

/** As people write it: short forms, a variable, an override. What is wrong here is everything. */
const compose = `
services:
  web:
    image: playbook-fixture/app:latest
    container_name: $PROJECT-web
    privileged: true
    cap_add: [SYS_ADMIN]
    security_opt: ['seccomp:unconfined']
    pid: host
    ports: ['5432:5432', '8080:80']
    volumes: ['/var/run/docker.sock:/var/run/docker.sock', '/etc:/host', '/data']
    environment: [DB_PASSWORD=hunter22, 'API_TOKEN=$TOKEN']
    deploy: { update_config: { order: start-first } }
    depends_on: [db]
    logging: { driver: json-file }
  db:
    image: playbook-fixture/app:stable
    healthcheck: { test: [CMD, /app/probe], start_interval: 1s }
`;
const override = 'services:\n  db:\n    healthcheck: { interval: 5s }\n  worker: { image: playbook-fixture/base }\n';

const playbook = (guard: string) => `playbook: v1
name: practices
guards: [{ id: practices, uses: check.practices${guard} }]
steps: [{ id: up, uses: compose.up }]
`;

type Finding = { practice: string; service: string; place?: { file: string; line: number } };

test('check.practices must find all that is wrong in a stack as people write it, with its places', async () => {
  const files = { 'compose.yml': compose, 'compose.override.yml': override, 'p.yml': playbook('') };
  await withStack('practices', files, async (stack) => {
    const planned = await stack.playbook(['plan', 'p.yml', '--json'], { env: { TOKEN: 'very-secret' } });
    const [guard] = (planned.json() as { guards: { verdict: string; evidence: { findings: Finding[] } }[] }).guards;
    expect([planned.code, guard?.verdict]).toEqual([3, 'no-go']);
    const findings = guard?.evidence.findings ?? [];
    expect([...new Set(findings.map(({ practice }) => practice))].toSorted()).toEqual(
      Object.keys(PRACTICES).toSorted(),
    );
    expect(planned.stdout).not.toMatch(/hunter22|very-secret/);

    const at = (practice: string, service = 'web') =>
      findings.find((each) => each.practice === practice && each.service === service)?.place;
    expect(at('privileged')).toMatchObject({ file: `${stack.folder}/compose.yml`, line: 6 });
    expect(at('secret-in-environment')).toMatchObject({ line: 12 });
    expect(at('docker-socket-mounted')).toMatchObject({ line: 11 });
    expect(at('database-open-to-world')).toMatchObject({ line: 10 });
    expect(at('start-first-impossible')).toMatchObject({ line: 13 });
    expect(at('healthcheck-missing', 'worker')).toMatchObject({
      file: `${stack.folder}/compose.override.yml`,
      line: 4,
    });
  });
});

const good = `
services:
  web:
    image: playbook-fixture/app:1
    environment: { MODE: healthy }
    mem_limit: 64m
    restart: unless-stopped
    logging: { driver: local }
`;

test('check.practices must be a go on a stack that follows them, and a no-go from the level on that is asked for', async () => {
  const files = {
    'compose.yml': good,
    'p.yml': playbook(', with: { level: notice }'),
    'ignored.yml': playbook(
      ', with: { level: notice, ignore: [{ practice: restart-missing, because: Started by hand. }] }',
    ),
  };
  await withStack('practices', files, async (stack) => {
    const said = (await stack.playbook(['plan', 'p.yml'])).stdout;
    expect(said).toContain('1 service as it should be');
    await stack.write('compose.yml', good.replace('    restart: unless-stopped\n', ''));
    const refused = await stack.playbook(['plan', 'p.yml']);
    expect([refused.code, refused.stdout]).toEqual([
      3,
      expect.stringContaining('web is not started again (restart-missing)'),
    ]);
    expect((await stack.playbook(['plan', 'ignored.yml'])).code).toBe(0);
  });
});
