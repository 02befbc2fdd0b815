/** The weights with which `percent` of the requests go to `to` containers and the rest to `from` others; the larger is 100. Pure. */
export function splitWeights(percent: number, to: number, from: number): { to: number; from: number } {
  if (percent >= 100 || from === 0) return { to: 100, from: 0 };
  const shares = { to: percent / to, from: (100 - percent) / from };
  const scale = 100 / Math.max(shares.to, shares.from);
  return { to: Math.max(1, Math.round(shares.to * scale)), from: Math.max(1, Math.round(shares.from * scale)) };
}
