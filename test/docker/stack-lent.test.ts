import { expect, test } from 'vitest';
import { up } from '../../runners/compose/up.ts';
import { bench } from '../support/action-context.ts';
import { docker } from '../support/docker.ts';
import { putBack } from '../support/engine-state.ts';
import { type TestStack, withStack } from '../support/stack.ts';

const params = { orphans: 'keep' };

const inspected = async (stack: TestStack, service: string, format: string) => {
  const [id = ''] = (await stack.compose(['ps', '-q', service])).split('\n');
  return docker(['inspect', '--format', format, id]);
};

test('what shares the processes of a replaced service must share those of the new one, in networks of its own', async () => {
  const files = (name: string) => `
services:
  app: { image: $PROJECT/app:1, stop_grace_period: 1s, environment: { NAME: ${name} } }
  side: { image: $PROJECT/app:1, stop_grace_period: 1s, pid: 'service:app', networks: [own] }
networks: { own: {} }
`;
  await withStack('pid', { 'compose.yml': files('a') }, async (stack) => {
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d']);
    const before = putBack(await stack.state());
    await stack.write('compose.yml', files('b'));
    const one = await bench(stack.folder, { project: stack.project });
    await one.run(up, params);
    const app = await inspected(stack, 'app', '{{.Id}}');
    expect(await inspected(stack, 'side', '{{.HostConfig.PidMode}} {{.State.Running}}')).toBe(`container:${app} true`);
    const networks = await inspected(stack, 'side', '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}');
    expect(networks).toBe(`${stack.project}_own`);
    await one.undo(up);
    expect(putBack(await stack.state())).toEqual(before);
  });
});

test('what takes over volumes must take over those that the new lender has, and then be left alone', async () => {
  const files = (volume: string) => `
services:
  app: { image: $PROJECT/app:1, stop_grace_period: 1s, volumes: ['${volume}'] }
  cron: { image: $PROJECT/app:1, stop_grace_period: 1s, volumes_from: ['app:ro'] }
volumes: { named: {} }
`;
  await withStack('lent', { 'compose.yml': files('/shared') }, async (stack) => {
    await stack.image('app:1', '1');
    await stack.compose(['up', '-d']);
    const before = putBack(await stack.state());
    await stack.write('compose.yml', files('named:/shared'));
    const one = await bench(stack.folder, { project: stack.project });
    await one.run(up, params);
    const at = '{{range .Mounts}}{{if eq .Destination "/shared"}}{{.Name}}{{end}}{{end}}';
    expect(await inspected(stack, 'app', at)).toBe(`${stack.project}_named`);
    expect(await inspected(stack, 'cron', at)).toBe(`${stack.project}_named`);
    const again = await bench(stack.folder, { project: stack.project });
    // The old ones, kept for the way back, are one too many each; nothing else differs.
    const planned = await again.plan(up, params);
    expect(planned.filter(({ verb }) => verb !== 'scale')).toEqual([]);
    expect(planned.flatMap(({ diff }) => diff ?? [])).toEqual([]);
    await one.undo(up);
    // The new volume stays: it may hold data.
    expect(putBack(await stack.state()).containers).toEqual(before.containers);
  });
});
