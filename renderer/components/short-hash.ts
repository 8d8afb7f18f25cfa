/** First 8 and last 6 characters of a hash in groups of 4: `7f3a 91c2 … 40c8 b7`. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 4)} ${hash.slice(4, 8)} … ${hash.slice(-6, -2)} ${hash.slice(-2)}`;
}

/** First 8 characters of a hash in groups of 4: `7f3a 91c2`. */
export function hashHead(hash: string): string {
  return `${hash.slice(0, 4)} ${hash.slice(4, 8)}`;
}
