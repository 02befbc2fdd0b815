/**
 * What is written into the service `web`, and what a plan is to call it where that is not the name. `unnamed`: where it is
 * taken away, the engine's own settings may be what is found, so it is not named.
 */
export type Attribute = { name: string; yaml: string; says?: string; files?: Record<string, string>; unnamed?: true };

/** One for each kind of setting that Compose hashes. Each pair of Compose files takes one away and sets the next one. */
export const ATTRIBUTES: readonly Attribute[] = [
  { name: 'environment', yaml: 'environment: { EXTRA: more }' },
  { name: 'labels', yaml: 'labels: { team: shop }' },
  { name: 'env_file', yaml: 'env_file: [web.env]', files: { 'web.env': 'FROM_FILE=yes\n' }, says: 'environment' },
  { name: 'command', yaml: "command: [sleep, '601']" },
  { name: 'annotations', yaml: 'annotations: { team: shop }' },
  { name: 'entrypoint', yaml: "entrypoint: [sh, -c, 'exec sleep 600']" },
  { name: 'ports', yaml: "ports: ['$PORT:8080']" },
  { name: 'a named volume', yaml: "volumes: ['data:/data']", says: 'mounts' },
  { name: 'expose', yaml: 'expose: [9000]' },
  { name: 'a bind mount', yaml: "volumes: ['./html:/html:ro']", files: { 'html/index': 'x' }, says: 'mounts' },
  { name: 'healthcheck', yaml: 'healthcheck: { test: [CMD, "true"], interval: 5s }' },
  { name: 'tmpfs', yaml: 'tmpfs: [/scratch]' },
  { name: 'restart', yaml: 'restart: unless-stopped' },
  { name: 'user', yaml: "user: '1000'" },
  { name: 'working_dir', yaml: 'working_dir: /tmp', says: 'the working directory' },
  { name: 'hostname', yaml: 'hostname: shop' },
  { name: 'domainname', yaml: 'domainname: example.com' },
  { name: 'networks', yaml: 'networks: { default: { aliases: [shop] } }' },
  { name: 'extra_hosts', yaml: "extra_hosts: ['db.example:10.0.0.1']" },
  { name: 'dns', yaml: 'dns: [10.0.0.1]' },
  { name: 'dns_search', yaml: 'dns_search: [example.com]' },
  { name: 'network_mode', yaml: 'network_mode: none' },
  { name: 'cap_add', yaml: 'cap_add: [NET_ADMIN]', says: 'the capabilities' },
  { name: 'cap_drop', yaml: 'cap_drop: [MKNOD]', says: 'the dropped capabilities' },
  { name: 'security_opt', yaml: "security_opt: ['no-new-privileges:true']" },
  { name: 'mem_limit', yaml: 'mem_limit: 256m', says: 'memory' },
  { name: 'cpus', yaml: "cpus: '0.5'" },
  { name: 'pids_limit', yaml: 'pids_limit: 100' },
  { name: 'shm_size', yaml: 'shm_size: 32m', unnamed: true },
  { name: 'ulimits', yaml: 'ulimits: { nofile: 4096 }', unnamed: true },
  { name: 'sysctls', yaml: 'sysctls: { net.core.somaxconn: 512 }' },
  { name: 'group_add', yaml: "group_add: ['1001']" },
  { name: 'devices', yaml: "devices: ['/dev/null:/dev/nothing']" },
  { name: 'ipc', yaml: 'ipc: host', unnamed: true },
  { name: 'tty', yaml: 'tty: true' },
  { name: 'stdin_open', yaml: 'stdin_open: true' },
  { name: 'stop_signal', yaml: 'stop_signal: SIGINT' },
  { name: 'logging', yaml: 'logging: { driver: json-file, options: { max-size: 1m } }', unnamed: true },
  { name: 'init', yaml: 'init: true' },
  { name: 'read_only', yaml: 'read_only: true', says: 'read-only' },
  { name: 'privileged', yaml: 'privileged: true', says: 'the privileges' },
  { name: 'oom_score_adj', yaml: 'oom_score_adj: 100' },
];

/** The Compose file with the attribute, or without one. */
export function composeOf(attribute?: Attribute): string {
  const command = /^(command|entrypoint):/.test(attribute?.yaml ?? '') ? '' : "    command: [sleep, '600']\n";
  return `services:
  web:
    image: '$PROJECT/web:1'
    stop_grace_period: 0s
${command}${attribute ? `    ${attribute.yaml}\n` : ''}  calm: { image: '$PROJECT/web:1', stop_grace_period: 0s }
volumes: { data: {} }
`;
}
