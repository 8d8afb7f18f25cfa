/**
 * Positions of pending changes as bits: bit `position - 1`, least significant bit first. Positions begin at 1.
 */

export function hasBit(bits: Uint8Array, position: number): boolean {
  return ((bits[(position - 1) >> 3] ?? 0) & (1 << ((position - 1) & 7))) !== 0;
}

export function setBit(bits: Uint8Array, position: number): void {
  (bits[(position - 1) >> 3] as number) |= 1 << ((position - 1) & 7);
}

export function clearBit(bits: Uint8Array, position: number): void {
  (bits[(position - 1) >> 3] as number) &= ~(1 << ((position - 1) & 7));
}

/** The positions of set bits after one position, in order, in parts. */
export function* positionsOf(bits: Uint8Array, { after, atMost }: { after: number; atMost: number }): IterableIterator<number[]> {
  let part: number[] = [];
  for (let position = after + 1; position <= bits.length * 8; position += 1) {
    if (!hasBit(bits, position)) continue;
    part.push(position);
    if (part.length < atMost) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
