const question = 'token';

/** What the worker asks for a token with; `refused` is one that the warehouse did not accept. */
export function tokenQuestion(refused: string | null): string {
  return JSON.stringify([question, refused]);
}

/** The refused token of a question for a token. Errors: throws for any other question. */
export function readTokenQuestion(text: string): string | null {
  const [name, refused] = JSON.parse(text) as [string, string | null];
  if (name !== question) throw new Error('The worker asks for tokens only.');
  return refused;
}
