/** A container that does not exist yet, as a plan names it. */
export function newName(service: string, number: number): string {
  return `<new ${service} ${number}>`;
}

/** Where it will be asked: a host that no resolver knows, in the form of one, so that URLs can be checked with it. */
export function newAddress(service: string, number: number, port: number): string {
  return `new-${service.toLowerCase().replace(/[^a-z0-9-]/g, '-')}-${number}.invalid:${port}`;
}

export function isPlaceholder(id: string): boolean {
  return id.startsWith('<');
}
