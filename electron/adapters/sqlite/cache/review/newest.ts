/** Keeps the newest answers, at most so many. */
export interface Newest<T> {
  get(question: string, answer: () => T): T;
}

/** Remembers answers by their question and drops the one that was longest not asked for. */
export function keepNewest<T>(most: number): Newest<T> {
  const known = new Map<string, T>();
  return {
    get(question, answer) {
      const found = known.has(question) ? (known.get(question) as T) : answer();
      known.delete(question);
      known.set(question, found);
      if (known.size > most) known.delete(known.keys().next().value as string);
      return found;
    },
  };
}
