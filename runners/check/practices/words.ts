import type { Level } from '../../../src/errors.ts';
import type { PracticeId } from '../practices.ts';

/** What is said of a practice: what is found, why it matters in one sentence, how to mend it. */
export type PracticeWords = { level: Level; title: string; why: string; fix: string };

/** Every practice. A closed table: a name without a row or without a finder does not compile. */
export const PRACTICES = {
  'capability-too-broad': {
    level: 'warning',
    title: 'A service has a capability that opens the host',
    why: 'With it a process that breaks out of its program can take over the machine.',
    fix: 'Add only what the program needs: `cap_drop: [ALL]`, then `cap_add` one by one.',
  },
  'confinement-off': {
    level: 'warning',
    title: 'A service runs without seccomp or AppArmor',
    why: 'They stop most of what a taken-over process would try next.',
    fix: 'Remove `unconfined` from `security_opt`, or name a profile of your own.',
  },
  'container-name-fixed': {
    level: 'notice',
    title: 'A service has a fixed container_name',
    why: 'A name can be had only once, so the new container cannot start beside the old one: every update has a gap.',
    fix: 'Remove `container_name`; other services reach it by the name of the service, or by `aliases`.',
  },
  'database-open-to-world': {
    level: 'error',
    title: 'A database or an admin port is published on every address',
    why: 'The engine opens published ports in front of the firewall, and such ports are found and tried within minutes.',
    fix: "Publish it on one address, `ports: ['127.0.0.1:5432:5432']`, or not at all: services of the stack reach it anyway.",
  },
  'dependency-not-healthy': {
    level: 'notice',
    title: 'A service starts before what it needs is ready',
    why: '`service_started` is true before the other one can answer, although its healthcheck could tell.',
    fix: 'Write `depends_on: { db: { condition: service_healthy } }`.',
  },
  'docker-socket-mounted': {
    level: 'warning',
    title: 'A service has the socket of the engine',
    why: 'Whoever has it is root on the machine; read-only makes no difference.',
    fix: 'Put a socket proxy in between that lets through only what is needed, or ignore this with a reason.',
  },
  'healthcheck-missing': {
    level: 'warning',
    title: 'A service has no healthcheck',
    why: '"It runs" is all that can be known of it, so a version that is broken counts as good.',
    fix: 'Add a `healthcheck`; `playbook init` knows those of many images.',
  },
  'host-namespace-shared': {
    level: 'warning',
    title: 'A service shares the network, the processes or the memory of the host',
    why: 'Nothing separates it there from the rest of the machine, and two versions of it cannot run at the same time.',
    fix: 'Remove it, and publish the ports that are needed.',
  },
  'host-root-mounted': {
    level: 'error',
    title: 'A service can write to the system folders of the host',
    why: 'A process that is taken over, or that is only wrong, changes the machine itself.',
    fix: 'Mount the one folder that is needed, or read-only.',
  },
  'image-latest': {
    level: 'warning',
    title: 'An image has no version',
    why: 'What `latest` means changes without a trace, so nobody can say which version runs or which one was good.',
    fix: 'Name a version, or a digest.',
  },
  'image-moving-tag': {
    level: 'notice',
    title: 'The tag of an image has no number in it',
    why: 'A tag such as `stable` means another image from time to time: a restart elsewhere runs something else.',
    fix: 'Name a version, or a digest.',
  },
  'log-unbounded': {
    level: 'warning',
    title: 'The log of a service may grow without end',
    why: '`json-file` keeps every line for as long as the container lives, until the disk is full and everything stops.',
    fix: "Add `logging: { driver: local }`, or `options: { max-size: 10m, max-file: '3' }`.",
  },
  'memory-unlimited': {
    level: 'warning',
    title: 'A service may take all memory',
    why: 'When it leaks, the kernel ends some process of the machine, and not always this one.',
    fix: 'Add `mem_limit: 512m`, or `deploy.resources.limits.memory`.',
  },
  'port-open-to-world': {
    level: 'notice',
    title: 'A port is published on every address',
    why: 'The engine opens published ports in front of the firewall; what stands behind a proxy need not be reached from outside.',
    fix: "Publish it on one address: `ports: ['127.0.0.1:8080:80']`.",
  },
  privileged: {
    level: 'error',
    title: 'A service is privileged',
    why: 'It is root on the machine, with every device: nothing that runs in it is contained.',
    fix: 'Give it the one device (`devices`) or capability (`cap_add`) that it needs.',
  },
  'restart-missing': {
    level: 'warning',
    title: 'A service is not started again',
    why: 'After a crash or a reboot it stays away until somebody notices.',
    fix: 'Add `restart: unless-stopped`; mark a one-shot with `x-playbook: { job: true }`.',
  },
  'secret-in-environment': {
    level: 'warning',
    title: 'A secret is written into the Compose file',
    why: 'Whoever reads the file, its history or a backup of it has the secret.',
    fix: 'Use `secrets` and the `_FILE` form of the variable, or take it from `.env`: `${DB_PASSWORD:?}`.',
  },
  'start-first-impossible': {
    level: 'warning',
    title: 'An update is asked to start first, and cannot',
    why: 'A fixed name or a fixed port of the host can be had only once, so the new container cannot start beside the old one.',
    fix: 'Remove `container_name` and the fixed port (put an edge in front), or write `order: stop-first`.',
  },
  'start-interval-without-start-period': {
    level: 'warning',
    title: 'A start_interval has no effect',
    why: 'It counts during `start_period` only, and that is 0 where it is left out.',
    fix: 'Add a `start_period`.',
  },
  'volume-anonymous': {
    level: 'warning',
    title: 'Data is kept in a volume without a name',
    why: 'Nobody can tell such volumes apart, `docker compose down -v` and `docker volume prune` take them, and a backup misses them.',
    fix: 'Give it a name: `volumes: [data:/var/lib/data]` and `volumes: { data: {} }`.',
  },
} as const satisfies Record<PracticeId, PracticeWords>;
