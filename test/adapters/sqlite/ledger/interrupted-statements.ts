import Database from 'better-sqlite3';

/** The statements of a script; the body of a trigger is part of its statement. */
export function statementsOf(sql: string): string[] {
  const statements: string[] = [];
  let current = '';
  for (const piece of sql.split(/(?<=;)/u)) {
    current += piece;
    const text = current.trim();
    if (!text.endsWith(';') || (/^(?:--[^\n]*\n\s*)*CREATE TRIGGER/iu.test(text) && !/END;$/iu.test(text))) continue;
    statements.push(text);
    current = '';
  }
  return statements;
}

/**
 * Lets the driver run scripts one statement after the other, and does something before the n-th (counted from 1) of all scripts that change
 * the schema, or before what follows them. Answers with the function that ends this and tells how many there were.
 */
export function interruptAt(number: number, interrupt: () => void): () => number {
  const { exec, pragma } = Database.prototype;
  let count = 0;
  const next = () => {
    count += 1;
    if (count === number) interrupt();
  };
  Database.prototype.exec = function each(sql: string) {
    if (!/\b(?:CREATE|ALTER|DROP)\b/u.test(sql)) return exec.call(this, sql);
    for (const statement of statementsOf(sql)) {
      next();
      exec.call(this, statement);
    }
    return this;
  };
  Database.prototype.pragma = function counted(source: string, options?: Database.PragmaOptions) {
    if (/^(?:application_id|user_version) =/u.test(source)) next();
    return pragma.call(this, source, options);
  };
  return () => {
    Object.assign(Database.prototype, { exec, pragma });
    return count;
  };
}
